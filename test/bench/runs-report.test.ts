import { expect, test } from 'vitest';
import { runsReport, runsText, type RunsRounds } from '../../harness/bench/runs-report.ts';

/** Three rounds, the last on a machine of half the speed. */
const each = (ns: number): { ns: number; heapBytes: number }[] =>
  [1, 1, 2].map((slow) => ({ ns: ns * slow, heapBytes: 160 }));
const rounds: RunsRounds = { bare: each(200), traced: each(500), untraced: each(400) };

test('the share of the bare loop is taken within a round', () => {
  expect(runsReport(rounds, 'v26.10.0')).toEqual({
    schema: 1,
    runsPerSecond: 2_000_000,
    shareOfBareLoop: 0.4,
    spread: { shareOfBareLoop: { min: 0.4, max: 0.4 } },
    bareRunsPerSecond: 5_000_000,
    untracedRunsPerSecond: 2_500_000,
    heapBytes: 160,
    rounds: 3,
    node: 'v26.10.0',
  });
});

test('the same for a person is a line for each variant', () => {
  const lines = runsText(runsReport(rounds, 'v26.10.0')).split('\n');
  expect(lines[1]).toBe('  2,000,000 runs a second   with trace and laws');
  expect(lines[4]).toBe('Share of the bare loop, in the same round: 0.4 (0.4 … 0.4); 160 bytes allocated a run');
});
