import { describe, expect, test } from 'vitest';
import { findPlanted, findUnplanted } from '../../../harness/explore/planted/find-planted.ts';
import { PLANTED_DEFECTS } from '../../../harness/explore/planted/planted-defects.ts';

/** Which law each defect breaks first; where only halves that wait for ever show it, the outcome. */
const FOUND_BY: Readonly<Record<string, string>> = {
  'pos-ignored': 'conservation',
  'cap-one-short': 'conservation',
  'pos-one-behind': 'conservation',
  'amount-counted-twice': 'accounting',
  'pending-write-dropped': 'conservation',
  'end-not-remembered': 'quiet-after-done',
  'no-flush-when-idle': 'parked',
  'need-flush-forgotten': 'parked',
  'no-flush-at-the-end': 'end-once',
  'no-flush-when-blocked': 'parked',
  'yield-without-wake': 'parked',
  'write-error-swallowed': 'parked',
  'append-at-the-front': 'conservation',
  'read-put-off': 'parked',
  'blocked-at-end': 'end-once',
  'zero-write-retried': 'bounded',
  'shutdown-not-awaited': 'end-once',
  'end-not-passed-on': 'end-once',
  'shutdown-twice': 'quiet-after-done',
  'counts-swapped': 'accounting',
  'one-end-is-enough': 'conservation',
  'second-waits-for-first': 'parked',
  'writers-wake-nobody': 'parked',
  'second-wake-lost': 'parked',
};

test('the table is whole', () => {
  expect(PLANTED_DEFECTS.map(({ name }) => name)).toEqual(Object.keys(FOUND_BY));
});

describe.each(PLANTED_DEFECTS)('$name', (defect) => {
  test('is found within 100,000 runs by the law that it breaks', async () => {
    const found = await findPlanted(defect, { seed: 1, runs: 100_000 });
    expect(found?.what).toBe(FOUND_BY[defect.name]);
  });

  test.each([2, 3, 4])('is found from seed %i too', async (seed) => {
    expect(await findPlanted(defect, { seed, runs: 100_000 })).not.toBeNull();
  });

  test('without it nothing is found', async () => {
    expect(await findUnplanted(defect, { seed: 1, runs: 2000 })).toBeNull();
  });
});
