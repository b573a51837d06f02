import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { linePlace } from '../../../harness/vitest/guard/line-place.ts';
import { framePath } from '../../../src/watch/frame-path.ts';

/** Paths with what URLs and stacks have a meaning for: with a wrong one the loop is looked for in vitest itself. */

const PATHS = ['/a/relay.test.ts', '/a b/ü (1)/sp%20z.test.js', '/a/100%/[x].test.ts'];

test.each(PATHS)('the place of a line: %s', (file) => {
  const place = { file, line: 7, column: 3 };
  expect(linePlace(`    at words (${file}:7:3)`)).toEqual(place);
  expect(linePlace(`    at async Promise.all (${file}:7:3)`)).toEqual(place);
  expect(linePlace(`    at ${file}:7:3`)).toEqual(place);
  expect(linePlace(`    at async ${file}:7:3`)).toEqual(place);
});

test('a line without a place has none', () => {
  expect(linePlace('')).toBeNull();
  expect(linePlace('    at Array.map (<anonymous>)')).toBeNull();
});

test.each(PATHS)('the path of a frame: %s', (file) => {
  expect(framePath(pathToFileURL(file).href)).toBe(file);
  expect(framePath(file)).toBe(file);
});

test('what is no file stays what it is', () => {
  expect(framePath('node:net')).toBe('node:net');
  expect(framePath('file://elsewhere/%')).toBe('file://elsewhere/%');
});
