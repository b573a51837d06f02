import { expect, test } from 'vitest';
import { findParting } from '../../harness/replay/find-parting.ts';

const said = Buffer.from('The quick brown fox jumps over the lazy dog, and nobody has ever asked the dog about it.');
const part = (from: number, to: number): Buffer => said.subarray(from, to);

test('what arrived whole parts nowhere', () => {
  expect(findParting(said, Buffer.from(said))).toBeNull();
  expect(findParting(Buffer.alloc(0), Buffer.alloc(0))).toBeNull();
});

test('an early end says how much is missing', () => {
  expect(findParting(said, part(0, 50))).toEqual({ kind: 'end', offset: 50, length: 38 });
  expect(findParting(said, Buffer.alloc(0))).toEqual({ kind: 'end', offset: 0, length: 88 });
});

test('a gap has the place and the length of what did not come', () => {
  const arrived = Buffer.concat([part(0, 10), part(16, 88)]);
  expect(findParting(said, arrived)).toEqual({ kind: 'gap', offset: 10, length: 6 });
});

test('a part that came twice is a duplicate', () => {
  const arrived = Buffer.concat([part(0, 40), part(20, 40), part(40, 88)]);
  expect(findParting(said, arrived)).toEqual({ kind: 'duplicate', offset: 40, length: 20 });
});

test('what came twice at the end is a duplicate, too', () => {
  expect(findParting(said, Buffer.concat([said, part(68, 88)]))).toEqual({ kind: 'duplicate', offset: 88, length: 20 });
});

test('two parts that changed places are a swap', () => {
  const arrived = Buffer.concat([part(0, 10), part(40, 80), part(10, 40), part(80, 88)]);
  expect(findParting(said, arrived)).toEqual({ kind: 'swap', offset: 10, length: 30 });
});

test('bytes that stand nowhere in it are other bytes, or too many', () => {
  const other = Buffer.concat([part(0, 10), Buffer.alloc(78, 0xff)]);
  expect(findParting(said, other)).toEqual({ kind: 'other', offset: 10, length: 78 });
  expect(findParting(said, Buffer.concat([said, Buffer.alloc(5, 0xff)]))).toEqual({
    kind: 'surplus',
    offset: 88,
    length: 5,
  });
});

test('a difference deep in a long stream is found where it is', () => {
  const long = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, at) => (at * 7919) >> 5));
  const arrived = Buffer.from(long);
  arrived.fill(0xaa, 234_567, 234_568);
  expect(findParting(long, arrived)?.offset).toBe(234_567);
});
