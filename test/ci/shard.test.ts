import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_SHARDS, parseShard, shareOut, sliceOf, type Weighed } from '../../harness/ci/shard.ts';

const count = fc.integer({ min: 1, max: 12 });
// Many weigh the same.
const weight = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 2000 }));
const weighed = fc
  .array(fc.tuple(weight, fc.string({ maxLength: 3 })), { maxLength: 40 })
  // No two documents have one path.
  .map((list) => list.map(([heavy, name], index) => ({ item: index, weight: heavy, key: `${name}-${index}` })));

/** All shards of these, each by itself, as machines that know nothing of each other make them. */
function allShards(items: readonly Weighed<number>[], of: number): number[][] {
  return Array.from({ length: of }, (_, index) => shareOut(items, { index: index + 1, count: of }));
}

test('each item is in exactly one shard, in the order in which it was given', () => {
  fc.assert(
    fc.property(weighed, count, (items, of) => {
      const shards = allShards(items, of);
      expect(shards.flat().toSorted((x, y) => x - y)).toEqual(items.map(({ item }) => item));
      for (const shard of shards) expect(shard).toEqual(shard.toSorted((x, y) => x - y));
    }),
  );
});

/** A folder is read in another order on another file system; the paths are the same. */
test('it does not matter in which order they come', () => {
  fc.assert(
    fc.property(weighed, count, fc.array(fc.nat(), { minLength: 40, maxLength: 40 }), (items, of, ranks) => {
      const shuffled = items.toSorted((x, y) => Number(ranks[x.item]) - Number(ranks[y.item]));
      const sorted = (shards: number[][]): number[][] => shards.map((shard) => shard.toSorted((x, y) => x - y));
      expect(sorted(allShards(shuffled, of))).toEqual(sorted(allShards(items, of)));
    }),
  );
});

test('no shard has more than the fair share and one item above it', () => {
  fc.assert(
    fc.property(weighed, count, (items, of) => {
      const weights = items.map(({ weight }) => Math.max(1, weight));
      const fair = weights.reduce((sum, weight) => sum + weight, 0) / of;
      for (const shard of allShards(items, of)) {
        const load = shard.reduce((sum, item) => sum + Number(weights[item]), 0);
        expect(load).toBeLessThanOrEqual(fair + Math.max(0, ...weights));
      }
    }),
  );
});

test('the heaviest go first, so that what is light evens out', () => {
  const items = [1, 1, 1, 1, 4].map((heavy, index) => ({ item: index, weight: heavy, key: String(index) }));
  expect(allShards(items, 2)).toEqual([[4], [0, 1, 2, 3]]);
});

test('four shards of documents that weigh the same have as many each', () => {
  const items = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => ({ item: name, weight: 70, key: name }));
  expect([1, 2, 3, 4].map((index) => shareOut(items, { index, count: 4 }))).toEqual([
    ['a', 'e'],
    ['b', 'f'],
    ['c', 'g'],
    ['d', 'h'],
  ]);
});

test('the slices of a campaign follow each other, and are all of it', () => {
  const from = fc.integer({ min: 0, max: 1_000_000_000 });
  const runs = fc.integer({ min: 0, max: 1_000_000_000 });
  fc.assert(
    fc.property(from, runs, count, (first, all, of) => {
      let next = first;
      for (let index = 1; index <= of; index += 1) {
        const slice = sliceOf({ from: first, runs: all }, { index, count: of });
        expect(slice.from).toBe(next);
        expect(Math.abs(slice.runs - all / of)).toBeLessThan(1);
        next += slice.runs;
      }
      expect(next).toBe(first + all);
    }),
  );
});

test.each([
  ['1/1', { index: 1, count: 1 }],
  ['2/4', { index: 2, count: 4 }],
  [`${MAX_SHARDS}/${MAX_SHARDS}`, { index: MAX_SHARDS, count: MAX_SHARDS }],
  ['0/4', null],
  ['5/4', null],
  ['1/0', null],
  [`1/${MAX_SHARDS + 1}`, null],
  ['1', null],
  ['-1/4', null],
  ['1.5/4', null],
  ['1/4/2', null],
  [' 1/4', null],
  ['', null],
])('%j is the part %j', (text, shard) => {
  expect(parseShard(text)).toEqual(shard);
});
