import { expect, test } from 'vitest';
import { Campaign } from '../../harness/explore/campaign.ts';
import { benignFaults } from '../../harness/explore/campaign-settings.ts';
import { capsuleText } from '../../harness/explore/capsule.ts';
import { Findings } from '../../harness/explore/findings.ts';
import { compareRun } from '../../harness/scenario/compare-run.ts';
import { parseScenario } from '../../harness/scenario/parse-scenario.ts';
import { runScenario } from '../../harness/sim/run-scenario.ts';

/** The long test makes a million of them. */
test('ten thousand benign runs of checked have no failure', () => {
  const campaign = new Campaign({ seed: 1, dialect: 'checked', faults: benignFaults() });
  expect(campaign.range(0, 10_000).failed).toEqual([]);
});

test('a run in which thousands of bytes come one by one, and late, is let run to its end', () => {
  const campaign = new Campaign({ seed: 735751454, dialect: 'checked', faults: benignFaults() });
  const { failures, result } = campaign.try(campaign.scenario(142249));
  expect(failures).toEqual([]);
  expect({ outcome: result?.outcome, polls: result?.polls }).toEqual({ outcome: 'completed', polls: 26_585 });
});

test('a range of a campaign gives the same again, and the same in parts', () => {
  const settings = { seed: 5, dialect: 'checked', faults: ['count', 'short'] };
  const whole = new Campaign(settings).range(0, 600);
  expect(new Campaign(settings).range(0, 600)).toEqual(whole);
  const parts = [0, 200, 400].map((from) => new Campaign(settings).range(from, from + 200));
  const sum = (results: readonly { failed: readonly { count: number }[] }[]): number =>
    results.flatMap(({ failed }) => failed).reduce((total, { count }) => total + count, 0);
  expect(sum(parts)).toBe(sum([whole]));
  expect(sum(parts)).toBeGreaterThan(0);
});

test('a hostile fault is found, with its consequence in each direction, and made small', () => {
  const findings = findingsOf('checked', ['swallow', 'short', 'late'], 3000);
  const found = findings.list.map(({ what, direction, faults }) => [what, direction, faults]);
  expect(found).toContainEqual(['accounting', 'a -> b', ['swallow']]);
  expect(found).toContainEqual(['accounting', 'b -> a', ['swallow']]);
  const ownFault = findings.list.find(({ what, direction }) => what === 'accounting' && direction === 'a -> b');
  expect(ownFault?.capsule).toMatchObject({ options: {}, plan: { faults: [{ fault: 'swallow', side: 'b' }] }, b: {} });
  expect(ownFault?.capsule.a.read).toHaveLength(1);
});

test('the same campaign has the same findings', () => {
  expect(findingsOf('checked', ['count', 'late'], 1000).list).toEqual(
    findingsOf('checked', ['count', 'late'], 1000).list,
  );
});

test('a literal port of tokio is found to spin over a count that is too large', () => {
  const { list } = findingsOf('tokio-1.24.1', ['count'], 2000);
  expect(list.map(({ what }) => what)).toContain('accounting');
  expect(list.some(({ capsule }) => capsule.expect.outcome === 'spinning')).toBe(true);
});

test('a capsule is a file that gives just what it expects', () => {
  const { list } = findingsOf('checked', ['swallow', 'pending-without-waker', 'early-end', 'wake-storm'], 2000);
  expect(list.length).toBeGreaterThan(5);
  for (const { capsule } of list) {
    const { scenario } = parseScenario(capsuleText(capsule), 'x.capsule.json');
    expect(scenario).toEqual(capsule);
    expect(compareRun(scenario.expect, runScenario(scenario, { dialect: 'checked' }), null)).toEqual([]);
  }
});

test('a capsule says what wrote it, and is run as it stands alone', () => {
  const [first] = findingsOf('checked', ['swallow'], 100).list;
  expect(first?.capsule).toMatchObject({
    versions: { relayscope: '9.9.9' },
    swapped: { not: 'a capsule repeats one run' },
    chunks: { not: 'a capsule repeats one run' },
  });
  expect(first?.capsule.title).toMatch(/^accounting, [ab] -> [ab]: run \d+ of seed 3$/);
});

function findingsOf(dialect: string, faults: readonly string[], runs: number): Findings {
  const campaign = new Campaign({ seed: 3, dialect, faults });
  const findings = new Findings(campaign, { relayscope: '9.9.9' });
  for (let from = 0; from < runs; from += 500) findings.add(campaign.range(from, from + 500));
  return findings;
}
