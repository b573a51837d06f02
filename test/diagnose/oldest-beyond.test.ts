import { expect, test } from 'vitest';
import { oldestBeyond } from '../../src/diagnose/oldest-beyond.ts';

test('the oldest have to go where there are too many, some more than that at once', () => {
  const kept = new Set(Array.from({ length: 641 }, (_, index) => index));
  expect(oldestBeyond(kept, 640)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(oldestBeyond(kept, 641)).toEqual([]);
});

/** A small limit has no share of 1 to 64: then each goes alone. */
test('of a few the one that is too many has to go', () => {
  expect(
    oldestBeyond(
      new Map([
        [7, 'a'],
        [5, 'b'],
        [6, 'c'],
      ]),
      2,
    ),
  ).toEqual([7]);
});

/** What begins at the front each time takes as many steps as have been deleted there. */
test('of a hundred thousand that come one after the other, the oldest are looked for a few times', () => {
  const kept = new Set<number>();
  let searches = 0;
  for (let index = 0; index < 100_000; index += 1) {
    kept.add(index);
    const oldest = oldestBeyond(kept, 6400);
    if (oldest.length > 0) searches += 1;
    for (const one of oldest) kept.delete(one);
  }
  expect(searches).toBe(927);
});
