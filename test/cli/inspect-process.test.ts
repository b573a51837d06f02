import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { STORY_ITEMS, traceBytes } from '../report/support/story.ts';

/** What only a real process can show. */

const main = join(import.meta.dirname, '../../harness/cli/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'relayscope-process-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('a query says nothing of experimental features', () => {
  const path = join(folder, 'story.trace');
  writeFileSync(path, traceBytes(STORY_ITEMS));
  const output = execFileSync('sh', [
    '-c',
    '"$0" "$1" inspect "$2" --sql "SELECT 1 AS x" 2>&1',
    process.execPath,
    main,
    path,
  ]);
  expect(String(output)).toBe('x\n1\n');
});

test('the standard input is read', () => {
  const input = 'a -> b #4 pos=69 cap=68 read_done=false\n'.repeat(100_000);
  const output = execFileSync(process.execPath, [main, 'inspect', '-'], { input });
  expect(String(output)).toContain('a -> b  #4  pos 69  cap 68  read_done false  × 100,000\n');
});

test.runIf(existsSync('/dev/full'))(
  'a full disk is one line and exit code 2, also where it was the last that was said',
  () => {
    const path = join(folder, 'full.txt');
    writeFileSync(path, 'a -> b pos=1 cap=2\nb -> a pos=0 cap=0\n'.repeat(50_000));
    for (const more of [[], ['--limit', 'all']]) {
      const full = openSync('/dev/full', 'w');
      const { status, stderr } = spawnSync(process.execPath, [main, 'inspect', path, ...more], {
        stdio: ['ignore', full, 'pipe'],
        encoding: 'utf8',
      });
      closeSync(full);
      expect({ status, stderr }).toEqual({
        status: 2,
        stderr: expect.stringMatching(
          /^relayscope: Cannot write the standard output: .*\[OUTPUT_UNWRITABLE\]\n$/,
        ) as string,
      });
    }
  },
);

test('when its reader has seen enough it ends, and is not told apart from what SIGPIPE ends', async () => {
  const path = join(folder, 'long.txt');
  writeFileSync(path, 'a -> b pos=1 cap=2\nb -> a pos=0 cap=0\n'.repeat(500_000));
  const child = spawn(process.execPath, [main, 'inspect', path, '--limit', 'all'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (bytes: Buffer) => {
    errors += String(bytes);
  });
  await once(child.stdout, 'data');
  child.stdout.destroy();
  expect(await once(child, 'exit')).toEqual([141, null]);
  expect(errors).toBe('');
});
