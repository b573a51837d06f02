import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { documentFiles } from '../../../harness/vitest/documents/document-files.ts';

const root = mkdtempSync(join(tmpdir(), 'relayscope-files-'));
const settings = { root, testFile: join(root, 'test/relay.test.ts'), updatesGoldens: false };

beforeAll(() => {
  const files = [
    'scenarios/b.md',
    'scenarios/a.md',
    'scenarios/README.md',
    'scenarios/deep/one.capsule.json',
    'scenarios/deep/data.json',
    'scenarios/node_modules/x/c.md',
    'scenarios/.hidden/d.md',
    'test/beside.md',
    'notes.txt',
  ];
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), '');
  }
});

afterAll(() => {
  rmSync(root, { recursive: true });
});

describe('what a path stands for', () => {
  const cases: readonly [pattern: string, files: readonly string[]][] = [
    ['scenarios', ['scenarios/a.md', 'scenarios/b.md', 'scenarios/deep/one.capsule.json']],
    ['scenarios/*.md', ['scenarios/a.md', 'scenarios/b.md']],
    ['scenarios/{b,deep/*}.md', ['scenarios/b.md']],
    ['**/*.capsule.json', ['scenarios/deep/one.capsule.json']],
    ['scenarios/b.md', ['scenarios/b.md']],
    ['scenarios/README.md', ['scenarios/README.md']],
    ['scenarios/deep/data.json', ['scenarios/deep/data.json']],
    ['./beside.md', ['test/beside.md']],
    ['../scenarios/?.md', ['scenarios/a.md', 'scenarios/b.md']],
    [join(root, 'scenarios/[b-z].md'), ['scenarios/b.md']],
  ];
  test.each(cases)('%s', (pattern, files) => {
    expect(documentFiles(pattern, settings)).toEqual(files.map((file) => join(root, file)));
  });
});

test('where nothing is, one line says so', () => {
  const none = `expected documents (.md) or capsules (.json) in ${root}, got none`;
  expect(() => documentFiles('missing/*.md', settings)).toThrow(`missing/*.md: ${none}`);
  expect(() => documentFiles('missing', settings)).toThrow(`missing: ${none}`);
  expect(() => documentFiles('./scenarios/*.md', settings)).toThrow(
    './scenarios/*.md: expected documents (.md) or capsules (.json) beside the test file, got none',
  );
  expect(() => documentFiles('notes.txt', settings)).toThrow(
    'notes.txt: expected a document (.md) or a capsule (.json), got another file',
  );
});
