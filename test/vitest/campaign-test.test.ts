import { describe, expect, test } from 'vitest';
import { explore } from '../../harness/explore/explore.ts';
import { campaignFailure } from '../../harness/vitest/campaign-failure.ts';
import { checkCampaign, type CampaignTestOptions } from '../../harness/vitest/campaign-test-options.ts';
import { campaignTest } from '../../harness/vitest/campaign-test.ts';
import { systemClock } from '../../src/poll/clock.ts';

/** One that is as it should be, as a test. What one that is not looks like is seen from outside: test/ci/shards.long.test.ts. */
describe('a campaign as a test', () => {
  campaignTest({ seed: 42, runs: 400, part: '2/2' });
  test('is called by what it runs, and has passed', ({ task }) => {
    const [campaign] = task.suite?.tasks ?? [];
    expect(campaign?.name).toBe('campaign checked, seed 42, runs 200 to 399');
    expect(campaign?.result?.state).toBe('pass');
  });
});

test('the parts of a campaign are slices of its runs', () => {
  const parts = ['1/3', '2/3', '3/3'].map((part) => checkCampaign({ seed: 1, runs: 100, from: 1000, part }));
  expect(parts.map(({ name, from, runs }) => [name, from, runs])).toEqual([
    ['campaign checked, seed 1, runs 1,000 to 1,032', 1000, 33],
    ['campaign checked, seed 1, runs 1,033 to 1,065', 1033, 33],
    ['campaign checked, seed 1, runs 1,066 to 1,099', 1066, 34],
  ]);
  expect(checkCampaign({ seed: 1, runs: 1, part: '1/2' })).toMatchObject({
    name: 'campaign checked, seed 1, runs none',
    runs: 0,
  });
});

test.each<[CampaignTestOptions, string]>([
  [{ seed: -1, runs: 1 }, 'Wrong seed of a campaign: expected a whole number from 0 to 9007199254740991, got -1'],
  [
    { seed: 1, runs: 1, prt: '1/2' } as CampaignTestOptions,
    'Unknown option of a campaign: expected one of seed, runs, part, from, dialect, faults, diagnosed, budgetMs, workers, capsules, got "prt"; did you mean part?',
  ],
  [{ seed: 1, runs: 0 }, 'Wrong runs of a campaign: expected a whole number from 1 to 9007199254740991, got 0'],
  [
    { seed: 1, runs: 1, part: '5/4' },
    `Wrong part of a campaign: expected a text such as '1/4', from 1 to 4, got "5/4"`,
  ],
  [{ seed: 1, runs: 1, budgetMs: 0 }, 'Wrong budgetMs of a campaign: expected a number of milliseconds above 0, got 0'],
  [
    { seed: 1, runs: 1, faults: ['swalow'] },
    'Wrong faults of a campaign: expected names under poll in relayscope list faults, got "swalow"',
  ],
  [
    { seed: 1, runs: 1, diagnosed: true, faults: ['swallow'] },
    'Wrong faults of a campaign: expected benign faults, since it is diagnosed, got "swallow"',
  ],
  [{ seed: 1, runs: 1, dialect: 'tokio-9' }, 'Unknown dialect: '],
])('%j is no campaign', (options, message) => {
  expect(() => checkCampaign(options)).toThrow(message);
});

test('a failure has each finding, where it is kept, and the commands that make it again', async () => {
  const campaign = checkCampaign({ seed: 7, runs: 30, faults: ['swallow'] });
  const done = await explore({
    ...campaign,
    timeMs: Infinity,
    versions: {},
    clock: systemClock,
    signal: new AbortController().signal,
  });
  const paths = done.findings.list.map((_, index) => `capsules/${index}.capsule.json`);
  const { code, message } = campaignFailure(campaign, done, paths);
  expect(code).toBe('CAMPAIGN_FAILED');
  const [first] = done.findings.list;
  expect(message.split('\n').slice(0, 2)).toEqual([
    `${done.findings.failedRuns} of 30 runs failed, ${paths.length} findings`,
    `  accounting, ${first?.direction ?? ''}: ${first?.message ?? ''}`,
  ]);
  expect(message).toContain('    again: relayscope run capsules/0.capsule.json\n');
  expect(message).toContain(
    `    before it was made small: relayscope explore --seed 7 --from ${first?.run ?? -1} --runs 1 --dialect checked --faults swallow`,
  );
});
