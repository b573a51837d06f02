import { expect, test } from 'vitest';
import { parseByteSize } from '../../src/trace/byte-size.ts';

test.each([
  ['65536', 65_536],
  ['64k', 65_536],
  ['64 k', null],
  ['1.5M', 1_572_864],
  ['2G', 2_147_483_648],
  ['1KiB', 1024],
  ['7B', 7],
  ['0', 0],
  ['-1', null],
  ['1T', null],
  ['1e3', null],
  ['', null],
  ['999999999999G', null],
])('%j is %j bytes', (text, bytes) => {
  expect(parseByteSize(text)).toBe(bytes);
});
