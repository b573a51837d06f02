import { runInThisContext } from 'node:vm';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { canComeToAnEnd, failuresOf } from '../../harness/explore/run-failure.ts';
import { scenarios } from '../../harness/fast-check/index.ts';
import { parseScenarioObject } from '../../harness/scenario/parse-scenario.ts';
import { runScenario } from '../../harness/sim/run-scenario.ts';
import type { Scenario } from '../../harness/scenario/scenario.ts';
import { World } from '../../harness/sim/world.ts';

const RUNS = { seed: 42, numRuns: 500 };
const world = new World();

test('every scenario is one that a document may hold, and what its sides wait for can come', () => {
  const all = fc.sample(scenarios({ failing: true, lying: true }), RUNS);
  for (const scenario of all) expect(parseScenarioObject(scenario)).toEqual(scenario);
  expect(all.every(canComeToAnEnd)).toBe(true);
  expect(all.filter(({ a, b }) => JSON.stringify([a, b]).includes('received')).length).toBeGreaterThan(50);
});

test('a correct copy comes through all that is benign', () => {
  const outcomes = new Set<string>();
  fc.assert(
    fc.property(scenarios({ faults: 'benign', dialect: ['checked', 'tokio-1.24.1'] }), (scenario) => {
      const result = world.run(scenario, {});
      outcomes.add(result.outcome);
      expect(failuresOf(scenario, result)).toEqual([]);
    }),
    RUNS,
  );
  expect([...outcomes]).toEqual(['completed']);
});

test('without a dialect of its own, a run is in the one that the scenario names', () => {
  const [scenario] = fc.sample(scenarios({ dialect: 'tokio-1.24.1', faults: [], bufferSizes: false }), 1);
  const story = { ...scenario, a: { read: [68] }, b: { write: [{ d: 1 }] } } as Scenario;
  expect(runScenario(story).outcome).toBe('spinning');
  expect(runScenario(story, { dialect: 'checked' }).outcome).toBe('failed');
});

test('sizes of buffers are drawn only where the dialect has them, and only if they are wanted', () => {
  const drawn = (options: Parameters<typeof scenarios>[0]): boolean =>
    fc.sample(scenarios(options), RUNS).some(({ options: { bufferBytes } }) => bufferBytes !== undefined);
  expect(drawn({})).toBe(true);
  expect(drawn({ bufferSizes: false })).toBe(false);
  expect(drawn({ dialect: 'tokio-1.12.0' })).toBe(false);
});

test('an unknown dialect is refused at once', () => {
  expect(() => scenarios({ dialect: 'tokio-9' })).toThrow(expect.objectContaining({ code: 'DIALECT_UNKNOWN' }));
});

test.each([1, 2, 3, 4, 5, 6, 7, 8])('what fails is made small, and can be pasted: seed %i', (seed) => {
  const property = fc.property(scenarios(), (scenario) => {
    const { broken } = world.run(scenario, {});
    return broken.every(({ law }) => law !== 'accounting');
  });
  const { counterexample, failed } = fc.check(property, { seed, numRuns: 2000 });
  expect(failed).toBe(true);
  const text = fc.stringify(counterexample?.[0]);
  // One fault, one byte, no option, no pause: nothing of it could be left out.
  expect(text.length).toBeLessThan(260);
  const smallest = counterexample?.[0];
  expect(smallest?.plan.faults).toHaveLength(1);
  expect(smallest?.options).toEqual({});
  expect([...(smallest?.a.read ?? []), ...(smallest?.b.read ?? [])]).toHaveLength(1);
  // What is printed is the scenario itself.
  const pasted: unknown = runInThisContext(`(${text})`);
  expect(pasted).toEqual(smallest);
});
