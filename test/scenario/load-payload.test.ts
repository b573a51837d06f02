import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readDocument } from '../../harness/scenario/find-documents.ts';
import { runDocument } from '../../harness/scenario/run-document.ts';

const folder = mkdtempSync(join(tmpdir(), 'relayscope-payload-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function document(entry: string): string {
  const path = join(folder, 'x.md');
  const block = `dialects: [checked]\na: { read: [${entry}] }\nexpect: { outcome: completed, delivered: { aToB: cde } }\n`;
  writeFileSync(path, `# Bytes beside it\n\nProse.\n\n\`\`\`yaml\n${block}\`\`\`\n`);
  return path;
}

test('a side reads the bytes of a file beside its document', async () => {
  writeFileSync(join(folder, 'x.bin'), 'abcdef');
  const { failures, runs } = await runDocument(await readDocument(document('{ file: x.bin, from: 2, bytes: 3 }')));
  expect(runs).toBeGreaterThan(100);
  expect(failures).toEqual([]);
});

test('a file that is too short, or not there, or none, is told with the entry or its path', async () => {
  await expect(readDocument(document('{ file: x.bin, from: 4, bytes: 3 }'))).rejects.toThrow(
    /x\.md: a\.read\[0\]: expected a file of at least 7 bytes, got x\.bin with 6$/,
  );
  await expect(readDocument(document('{ file: gone.bin, from: 0, bytes: 1 }'))).rejects.toThrow(
    /gone\.bin: expected a file beside the document that can be read, got a path where nothing is$/,
  );
  mkdirSync(join(folder, 'folder'));
  await expect(readDocument(document('{ file: folder, from: 0, bytes: 1 }'))).rejects.toThrow(
    /folder: expected a file beside the document, got something else$/,
  );
});

/** A document comes from anybody. */
test.each(['../x.bin', '/etc/passwd', '.hidden', 'a/b'])('%s is no file beside the document', async (name) => {
  await expect(readDocument(document(`{ from: 0, bytes: 1, file: '${name}' }`))).rejects.toThrow(
    /a\.read\[0\]\.file: expected the name of a file beside the document, such as story\.a\.bin/,
  );
});
