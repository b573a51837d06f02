import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findCycle, MIN_ROUNDS, type Cycle } from '../../harness/report/find-cycle.ts';

/** The definition, word for word, in quadratic time. */
function bruteForce(keys: readonly number[], maxPeriod: number): Cycle | null {
  let best: Cycle | null = null;
  for (let period = 1; period <= maxPeriod; period += 1) {
    let start = Math.max(0, keys.length - period);
    while (start > 0 && keys[start - 1] === keys[start - 1 + period]) start -= 1;
    if (keys.length - start < MIN_ROUNDS * period) continue;
    if (best === null || start < best.start) best = { period, start };
  }
  return best;
}

const cycle = (text: string, maxPeriod = 100): [number, number] | null => {
  const found = findCycle(
    Int32Array.from(text, (char) => char.charCodeAt(0)),
    maxPeriod,
  );
  return found === null ? null : [found.period, found.start];
};

test('one element over and over is a round of one', () => {
  expect(cycle('abcddd')).toEqual([1, 3]);
});

test('a round of several is found wherever the trace was cut', () => {
  expect(cycle('xyabcabcabc')).toEqual([3, 2]);
  expect(cycle('xyabcabcabca')).toEqual([3, 2]);
});

test('a round that ends with its like is not taken for that alone', () => {
  expect(cycle('xaaabaaabaaabaaa')).toEqual([4, 1]);
});

test('twice is chance, and what has stopped is over', () => {
  expect(cycle('xyabab')).toBeNull();
  expect(cycle('abababababx')).toBeNull();
  expect(cycle('')).toBeNull();
});

test('a longer round than allowed is none', () => {
  expect(cycle('abcabcabc', 2)).toBeNull();
});

test('it finds what the definition finds', () => {
  const few = fc.integer({ min: 0, max: 2 });
  const tail = fc.tuple(fc.array(few, { maxLength: 8 }), fc.array(few, { minLength: 1, maxLength: 5 }), fc.nat(20));
  const keys = fc.oneof(
    fc.array(few, { maxLength: 40 }),
    tail.map(([before, round, times]) => [...before, ...Array.from({ length: times }, () => round).flat()]),
  );
  fc.assert(
    fc.property(keys, fc.integer({ min: 1, max: 12 }), (sequence, maxPeriod) => {
      expect(findCycle(Int32Array.from(sequence), maxPeriod)).toEqual(bruteForce(sequence, maxPeriod));
    }),
    { numRuns: 2000 },
  );
});
