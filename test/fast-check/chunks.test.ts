import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { chunks, cuts } from '../../harness/fast-check/index.ts';

const SEED = 42;

test('chunks keep to what was asked for, and every bound is reached', () => {
  const all = fc.sample(chunks({ minChunks: 1, maxChunks: 3, minBytes: 2, maxBytes: 5 }), { seed: SEED, numRuns: 300 });
  const counts = new Set(all.map((some) => some.length));
  const sizes = new Set(all.flat().map((chunk) => chunk.length));
  expect(counts).toEqual(new Set([1, 2, 3]));
  expect(sizes).toEqual(new Set([2, 3, 4, 5]));
});

test('an empty chunk comes only where it was asked for: for a stream it means the end', () => {
  const isEmpty = (all: Uint8Array[][]): boolean => all.flat().some((chunk) => chunk.length === 0);
  expect(isEmpty(fc.sample(chunks(), { seed: SEED, numRuns: 300 }))).toBe(false);
  expect(isEmpty(fc.sample(chunks({ minBytes: 0 }), { seed: SEED, numRuns: 300 }))).toBe(true);
});

test('the pieces of a payload are the payload, and none is empty', () => {
  const seen = new Set<number>();
  fc.assert(
    fc.property(cuts('hello, world', { maxPieces: 4 }), (pieces) => {
      seen.add(pieces.length);
      expect(Buffer.concat(pieces).toString()).toBe('hello, world');
      expect(pieces.every((piece) => piece.length > 0)).toBe(true);
    }),
    { seed: SEED, numRuns: 200 },
  );
  expect(seen).toEqual(new Set([1, 2, 3, 4]));
});

test('what cannot be cut is one piece', () => {
  const pieces = (payload: string): string[][] =>
    fc
      .sample(cuts(payload), { seed: SEED, numRuns: 5 })
      .map((all) => all.map((piece) => Buffer.from(piece).toString()));
  expect(pieces('')).toEqual([[''], [''], [''], [''], ['']]);
  expect(pieces('x')).toEqual([['x'], ['x'], ['x'], ['x'], ['x']]);
});

test('a piece is a copy: who writes into it does not change the next one', () => {
  const payload = new TextEncoder().encode('abc');
  for (const piece of fc.sample(cuts(payload), { seed: SEED, numRuns: 20 }).flat()) piece.fill(0);
  expect(Buffer.from(payload).toString()).toBe('abc');
});

test('a parser that fails at one cut is shown that cut alone, as what can be pasted', () => {
  const property = fc.property(cuts('GET / HTTP/1.1\r\n\r\n'), (pieces) =>
    pieces.every((piece) => Buffer.from(piece).toString() !== '\n'),
  );
  const { counterexample, failed } = fc.check(property, { seed: SEED, numRuns: 1000 });
  expect(failed).toBe(true);
  expect(fc.stringify(counterexample)).toBe(
    "[[Buffer.from('474554202f20485454502f312e310d0a0d', 'hex'), Buffer.from('0a', 'hex')]]",
  );
});
