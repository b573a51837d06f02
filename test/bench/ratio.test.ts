import { describe, expect, test } from 'vitest';
import { median, ratioOf, rotated } from '../../harness/bench/ratio.ts';
import { relayReport } from '../../harness/bench/relay-report.ts';

describe('median', () => {
  test.each([
    [[3], 3],
    [[9, 1, 5], 5],
    [[10, 2, 4, 100], 7],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  test('of nothing is no number', () => {
    expect(median([])).toBeNaN();
  });
});

/** The machine got ten times slower in the second round, for both alike: only pairs of one round may be compared. */
test('a ratio is the median of the ratios of each round, not the ratio of the medians', () => {
  expect(ratioOf([1, 20, 3], [2, 20, 2])).toEqual({ median: 1, min: 0.5, max: 1.5 });
  expect(ratioOf([8, 80, 8], [10, 100, 100])).toEqual({ median: 0.8, min: 0.08, max: 0.8 });
});

test('every variant goes first, second and last in turn', () => {
  expect([0, 1, 2, 3].map((round) => rotated(['p', 'u', 't'], round).join(''))).toEqual(['put', 'utp', 'tpu', 'put']);
});

test('the report compares traced and untraced with pipe, and with each other', () => {
  const report = relayReport({
    bulk: { pipe: [1, 2], untraced: [0.5, 1], traced: [0.6, 1.4] },
    small: { pipe: [10, 10], untraced: [10, 11], traced: [12, 12] },
    gigabytes: 0.5,
    roundTrips: 1e6,
  });
  expect(report).toEqual({
    schema: 1,
    ratios: {
      bulkTraced: 0.65,
      bulkUntraced: 0.5,
      smallTraced: 1.2,
      smallUntraced: 1.05,
      tracingOverhead: 1.3,
      smallTracingOverhead: 1.145,
    },
    spread: {
      bulkTraced: { min: 0.6, max: 0.7 },
      bulkUntraced: { min: 0.5, max: 0.5 },
      smallTraced: { min: 1.2, max: 1.2 },
      smallUntraced: { min: 1, max: 1.1 },
      tracingOverhead: { min: 1.2, max: 1.4 },
      smallTracingOverhead: { min: 1.091, max: 1.2 },
    },
    rounds: 2,
    cpuSecondsPerGigabyte: { pipe: 3, untraced: 1.5, traced: 2 },
    cpuMicrosPerRoundTrip: { pipe: 10, untraced: 10.5, traced: 12 },
  });
});
