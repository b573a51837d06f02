import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FINDING_CLASSES } from '../../src/diagnose/finding-class.ts';

const document = readFileSync(join(import.meta.dirname, '../../docs/recording.md'), 'utf8');

test('the document says of each class whether it can be judged', () => {
  const rows = [...document.matchAll(/^\| `([a-z-]+)` +\| (yes|no|in part)\b.*\| (yes|no|in part)\b.*\|$/gm)];
  expect(rows.map(([, name]) => name)).toEqual(FINDING_CLASSES);
});
