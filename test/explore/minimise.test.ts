import { describe, expect, test } from 'vitest';
import { minimise, MAX_TRIES } from '../../harness/explore/minimise.ts';
import { smallerLists } from '../../harness/explore/smaller-lists.ts';
import type { FaultEntry } from '../../harness/faults/fault-plan.ts';
import type { Scenario } from '../../harness/scenario/scenario.ts';
import { runScenario } from '../../harness/sim/run-scenario.ts';

/** Eighteen that a correct copy comes through, among them two that break a direction each. */
const NOISE: FaultEntry[] = Array.from({ length: 9 }, (_, index) => [
  { fault: 'short', bytes: index + 2, when: { every: index + 2 } },
  { fault: 'late', ms: index + 1, when: { call: index + 3 }, half: 'read' as const },
]).flat();

const scenario: Scenario = {
  title: 'twenty faults',
  dialects: ['checked'],
  options: { bufferBytes: 16, halfCloseTimeoutMs: 100_000 },
  seed: 1234,
  a: { read: ['p', 40, { waitMs: 5 }, 64, 17, 3], flush: ['p'], shutdown: ['p'] },
  b: { read: [{ waitMs: 2 }, 9, 9, { text: 'and so on' }], write: [3, 'p', 1] },
  plan: {
    seed: 7,
    faults: [
      ...NOISE.slice(0, 5),
      { fault: 'swallow', side: 'b', when: { chance: 0.9 } },
      ...NOISE.slice(5, 12),
      { fault: 'taken-twice', side: 'a', when: { call: 2 } },
      ...NOISE.slice(12),
    ],
  },
  expect: { outcome: 'completed' },
};

/** Something of a -> b has not arrived, and something of b -> a has arrived twice. */
function failsBothWays(candidate: Scenario): boolean {
  const { counts, delivered } = runScenario(candidate, { dialect: 'checked' });
  return counts.aToB > delivered.aToB.length && counts.bToA < delivered.bToA.length;
}

test('a plan of twenty faults is made as small as the ones that matter', () => {
  expect(scenario.plan.faults).toHaveLength(20);
  expect(failsBothWays(scenario)).toBe(true);
  const small = minimise(scenario, failsBothWays);
  expect(failsBothWays(small)).toBe(true);
  expect(small.plan.faults).toEqual([
    { fault: 'swallow', side: 'b' },
    { fault: 'taken-twice', side: 'a' },
  ]);
  expect(small).toMatchObject({ options: {}, seed: 1, a: { read: [1] }, b: { read: [1] } });
  expect(Object.keys(small.a)).toEqual(['read']);
  expect(Object.keys(small.b)).toEqual(['read']);
});

test('the same scenario becomes the same', () => {
  expect(minimise(scenario, failsBothWays)).toEqual(minimise(scenario, failsBothWays));
});

test('what is asked is always smaller, and not asked without end', () => {
  let asked = 0;
  minimise(scenario, () => {
    asked += 1;
    return false;
  });
  expect(asked).toBeGreaterThan(50);
  expect(asked).toBeLessThan(MAX_TRIES);
});

test('a fault that stays draws the chances that it drew among the others', () => {
  const chance: Scenario = {
    ...scenario,
    plan: { faults: [{ fault: 'short' }, { fault: 'count', side: 'b', when: { chance: 0.5 } }] },
  };
  const seen: (readonly FaultEntry[])[] = [];
  minimise(chance, ({ plan }) => {
    seen.push(plan.faults);
    return false;
  });
  expect(seen).toContainEqual([{ generator: 2, fault: 'count', side: 'b', when: { chance: 0.5 } }]);
});

describe('a list', () => {
  test.each([
    [[3], [3]],
    [
      [0, 9],
      [0, 9],
    ],
    [[], []],
  ])('of ten keeps %j', (needed, expected) => {
    let list: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    smallerLists(
      () => list,
      (items) => {
        if (!needed.every((item) => items.includes(item))) return false;
        list = items;
        return true;
      },
    );
    expect(list).toEqual(expected);
  });
});
