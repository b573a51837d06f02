import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { captureBytes } from '../../../harness/capture/read/capture-bytes.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'relayscope-test-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('a file of several pieces comes whole, each piece good until the next is asked for', async () => {
  // Three pieces, the last one short.
  const bytes = Buffer.alloc(9_000_001, 'each piece differs from the others, as 35 is no power of two');
  const path = join(folder, 'several');
  writeFileSync(path, bytes);
  const [found, expected] = [createHash('md5'), createHash('md5').update(bytes)];
  let length = 0;
  for await (const piece of captureBytes(path)) {
    // A read ahead into this piece would be over by now.
    await new Promise((resolve) => setImmediate(resolve));
    found.update(piece);
    length += piece.length;
  }
  expect(length).toBe(9_000_001);
  expect(found.digest('hex')).toBe(expected.digest('hex'));
});

test('who stops early is not kept waiting for more, of a file or of a pipe that has none', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, Buffer.alloc(9_000_000));
  for await (const piece of captureBytes(file)) {
    expect(piece.length).toBe(4_194_304);
    break;
  }
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const writer = await open(pipe, 'r+');
  try {
    await writer.write('some');
    for await (const piece of captureBytes(pipe)) {
      expect(Buffer.from(piece).toString()).toBe('some');
      break;
    }
  } finally {
    await writer.close();
  }
});

test('a file that cannot be opened or read is an error that names it', async () => {
  const read = async (path: string): Promise<void> => {
    for await (const piece of captureBytes(path)) expect(piece.length).toBe(0);
  };
  await expect(read(join(folder, 'none'))).rejects.toMatchObject({ code: 'CAPTURE_UNREADABLE' });
  await expect(read(folder)).rejects.toThrow(/^Cannot read .*EISDIR/);
});
