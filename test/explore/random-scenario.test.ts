import { describe, expect, test } from 'vitest';
import { benignFaults, pollFaults } from '../../harness/explore/campaign-settings.ts';
import { RandomScenarios } from '../../harness/explore/random-scenario.ts';
import { canComeToAnEnd } from '../../harness/explore/run-failure.ts';
import { parseScenarioObject } from '../../harness/scenario/parse-scenario.ts';

const settings = { seed: 42, dialect: 'checked', faults: pollFaults().map(({ name }) => name) };

test('a scenario follows from seed and number alone', () => {
  const first = new RandomScenarios(settings);
  const alone = new RandomScenarios(settings).scenario(777);
  for (let run = 0; run < 777; run += 1) first.scenario(run);
  expect(first.scenario(777)).toEqual(alone);
  expect(new RandomScenarios({ ...settings, seed: 43 }).scenario(777)).not.toEqual(alone);
  expect(new RandomScenarios(settings).scenario(778)).not.toEqual(alone);
});

test.each(['checked', 'tokio-1.10.0', 'tokio-1.53.1'])(
  'the schema of capsules accepts every scenario of %s',
  (dialect) => {
    const scenarios = new RandomScenarios({ ...settings, dialect });
    for (let run = 0; run < 2000; run += 1) {
      const scenario = scenarios.scenario(run);
      expect(parseScenarioObject(scenario)).toEqual(scenario);
    }
  },
);

test('nobody waits for bytes that the other side does not have', () => {
  const scenarios = new RandomScenarios(settings);
  const stuck = Array.from({ length: 5000 }, (_, run) => run).filter((run) => !canComeToAnEnd(scenarios.scenario(run)));
  expect(stuck).toEqual([]);
});

test('every fault of the campaign is drawn', () => {
  const scenarios = new RandomScenarios(settings);
  const drawn = new Set<string>();
  for (let run = 0; run < 5000; run += 1) for (const { fault } of scenarios.scenario(run).plan.faults) drawn.add(fault);
  expect([...drawn].sort()).toEqual([...settings.faults].sort());
});

describe('what can come to an end', () => {
  test('two sides that each answer the other', () => {
    const a = { read: [{ text: 'ab' }, { received: 3 }, { text: 'c' }] };
    expect(canComeToAnEnd({ a, b: { read: [{ received: 2 }, { text: 'xyz' }] } })).toBe(true);
    expect(canComeToAnEnd({ a, b: { read: [{ received: 3 }, { text: 'xyz' }] } })).toBe(false);
  });

  test('of a count of bytes only one is certain', () => {
    expect(canComeToAnEnd({ a: { read: [5] }, b: { read: [{ received: 1 }] } })).toBe(true);
    expect(canComeToAnEnd({ a: { read: [5] }, b: { read: [{ received: 2 }] } })).toBe(false);
  });
});

test('what is benign is told by the faults themselves', () => {
  expect(benignFaults()).toContain('short');
  expect(benignFaults()).not.toContain('count');
});
