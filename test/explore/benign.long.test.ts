import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { benignFaults, type CampaignSettings } from '../../harness/explore/campaign-settings.ts';
import { explore } from '../../harness/explore/explore.ts';
import type { Findings } from '../../harness/explore/findings.ts';
import { systemClock } from '../../src/poll/clock.ts';

/** Whatever is short, slow, split, late, or woken for nothing, a correct copy comes through whole. */

async function findings(runs: number, settings: CampaignSettings): Promise<Findings> {
  const done = await explore({
    settings,
    from: 0,
    runs,
    timeMs: Infinity,
    workers: availableParallelism(),
    versions: {},
    clock: systemClock,
    signal: new AbortController().signal,
  });
  expect(done.runs).toBe(runs);
  return done.findings;
}

test.each([1, 42])('a million benign runs of checked have no failure: seed %i', async (seed) => {
  const { list, failedRuns } = await findings(1_000_000, { seed, dialect: 'checked', faults: benignFaults() });
  expect({ list, failedRuns }).toEqual({ list: [], failedRuns: 0 });
});

test.each(['tokio-1.10.0', 'tokio-1.13.0', 'tokio-1.14.0', 'tokio-1.22.0'])(
  'a hundred thousand benign runs of %s have no failure',
  async (dialect) => {
    const { list, failedRuns } = await findings(100_000, { seed: 42, dialect, faults: benignFaults() });
    expect({ list, failedRuns }).toEqual({ list: [], failedRuns: 0 });
  },
);

/** One direction alone uses up the budget of each poll, where its peer takes a byte at a time. */
test.each(['tokio-1.36.0', 'tokio-1.39.0', 'tokio-1.53.1'])(
  'in a hundred thousand benign runs of %s nothing fails but a direction that gets none of the budget',
  async (dialect) => {
    const { list } = await findings(100_000, { seed: 42, dialect, faults: benignFaults() });
    for (const { what, capsule, faults } of list)
      expect({ what, budget: capsule.options.coopBudget, isShort: faults.includes('short') }).toEqual({
        what: 'starved',
        budget: true,
        isShort: true,
      });
  },
);

test('a hundred thousand benign runs of tokio-0.2.0 have no failure, but for a writer that has to be flushed', async () => {
  const { list } = await findings(100_000, { seed: 42, dialect: 'tokio-0.2.0', faults: benignFaults() });
  expect(list.map(({ what, faults }) => [what, faults])).toEqual([['parked', ['held-until-flush']]]);
});
