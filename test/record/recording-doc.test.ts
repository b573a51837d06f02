import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FINDING_CLASSES } from '../../src/diagnose/finding-class.ts';
import { UNSEEN_CLASSES } from '../../src/diagnose/unseen-classes.ts';

const document = readFileSync(join(import.meta.dirname, '../../docs/recording.md'), 'utf8');
const rows = [
  ...document.matchAll(/^\| `([a-z-]+)` +\| ((?:yes|no|in part)\b.*?) +\| ((?:yes|no|in part)\b.*?) +\|$/gm),
].map(([, name = '', streams = '', calls = '']) => ({ name, streams, calls }));

test('the document says of each class whether it can be judged', () => {
  expect(rows.map(({ name }) => name)).toEqual(FINDING_CLASSES);
});

test.each(['streams', 'calls'] as const)('and of %s the same as the program', (sight) => {
  const said = rows.flatMap((row) => (row[sight].startsWith('no: ') ? [[row.name, row[sight].slice(4)]] : []));
  expect(Object.entries(UNSEEN_CLASSES[sight])).toEqual(said);
});
