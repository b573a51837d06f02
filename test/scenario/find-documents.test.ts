import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { rmSync } from 'node:fs';
import { findDocuments, readDocument } from '../../harness/scenario/find-documents.ts';

const folder = mkdtempSync(join(tmpdir(), 'relayscope-documents-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('a folder is searched for documents and capsules, in order, and nothing else', async () => {
  mkdirSync(join(folder, 'b/deep'), { recursive: true });
  mkdirSync(join(folder, '.hidden'));
  mkdirSync(join(folder, 'node_modules'));
  for (const name of [
    'b/two.md',
    'b/deep/one.capsule.json',
    'a.md',
    'README.md',
    'package.json',
    '.hidden/x.md',
    'node_modules/y.md',
  ])
    writeFileSync(join(folder, name), '');
  symlinkSync(folder, join(folder, 'b/loop'));
  const found = ['a.md', 'b/deep/one.capsule.json', 'b/two.md'].map((name) => join(folder, name));
  expect(await findDocuments([folder])).toEqual(found);
  // What is named twice is found once.
  expect(await findDocuments([folder, join(folder, 'a.md')])).toEqual(found);
});

test('a file that is named is taken by its ending', async () => {
  const json = join(folder, 'package.json');
  expect(await findDocuments([json])).toEqual([json]);
  writeFileSync(join(folder, 'notes.txt'), '');
  await expect(findDocuments([join(folder, 'notes.txt')])).rejects.toThrow(
    /notes\.txt: expected a document \(\.md\) or a capsule \(\.json\), got another file$/,
  );
});

test('a path that is not there, and a folder without documents, are told', async () => {
  await expect(findDocuments([join(folder, 'gone')])).rejects.toThrow(
    /gone: expected a document or a folder of them, got a path where nothing is$/,
  );
  mkdirSync(join(folder, 'empty'));
  await expect(findDocuments([join(folder, 'empty')])).rejects.toThrow(
    /empty: expected documents in this folder, got none$/,
  );
  await expect(readDocument(join(folder, 'gone.md'))).rejects.toThrow(
    /gone\.md: expected a file that can be read, got a path where nothing is$/,
  );
  await expect(readDocument(folder)).rejects.toThrow(/: expected a file that can be read, got a folder$/);
});
