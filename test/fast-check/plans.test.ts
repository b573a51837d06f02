import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { benignFaults } from '../../harness/explore/campaign-settings.ts';
import { plans } from '../../harness/fast-check/index.ts';
import { applyFaults } from '../../harness/faults/apply-faults.ts';
import { FAULT_LEVELS } from '../../harness/faults/fault-definition.ts';
import { FAULTS } from '../../harness/faults/fault-registry.ts';
import { parseFaultPlan } from '../../harness/faults/parse-fault-plan.ts';
import { systemClock } from '../../src/poll/clock.ts';
import { memoryPair } from '../../src/streams/memory-pair.ts';

const RUNS = { seed: 42, numRuns: 600 };

describe.each(FAULT_LEVELS)('%s', (level) => {
  const all = fc.sample(plans({ level }), RUNS);

  test('every plan can be read back from a file', () => {
    for (const plan of all) expect(parseFaultPlan(JSON.stringify(plan), 'plan.json')).toEqual(plan);
  });

  test('every fault of the level is drawn, and none of another', () => {
    const names = new Set(all.flatMap(({ faults }) => faults.map(({ fault }) => fault)));
    expect([...names].sort()).toEqual(
      FAULTS.filter((fault) => fault.level === level)
        .map(({ name }) => name)
        .sort(),
    );
  });

  test('sides, halves, triggers, times and parameters of their own are said in some', () => {
    const keys = new Set(all.flatMap(({ faults }) => faults.flatMap((entry) => Object.keys(entry))));
    const triggers = new Set(all.flatMap(({ faults }) => faults.flatMap(({ when = {} }) => Object.keys(when))));
    for (const key of ['side', 'half', 'when', 'times', 'generator']) expect(keys).toContain(key);
    expect([...triggers].sort()).toEqual(
      ['atMs', 'byte', 'call', 'chance', 'every', ...(level === 'websocket' ? ['frame'] : [])].sort(),
    );
    expect(keys.size).toBeGreaterThan(8);
  });
});

test('a plan of the poll level applies to a stream', () => {
  const context = { connection: 1, recorder: null, clock: systemClock };
  fc.assert(
    fc.property(plans({ minFaults: 1, side: 'a' }), (plan) => {
      const [stream] = memoryPair();
      expect(applyFaults(stream, 'a', plan, context)).not.toBe(stream);
      expect(applyFaults(stream, 'b', plan, context)).toBe(stream);
    }),
    { ...RUNS, numRuns: 300 },
  );
});

test('benign plans have what a correct copy has to come through, and nothing else', () => {
  const all = fc.sample(plans({ faults: 'benign' }), RUNS);
  const names = new Set(all.flatMap(({ faults }) => faults.map(({ fault }) => fault)));
  expect([...names].sort()).toEqual(benignFaults().sort());
});

test('faults by name, and how many', () => {
  const all = fc.sample(plans({ faults: ['late', 'short'], minFaults: 1, maxFaults: 2 }), RUNS);
  expect(new Set(all.flatMap(({ faults }) => faults.map(({ fault }) => fault)))).toEqual(new Set(['late', 'short']));
  expect(new Set(all.map(({ faults }) => faults.length))).toEqual(new Set([1, 2]));
});

test('a fault that does not exist at the level is refused with its name', () => {
  expect(() => plans({ faults: ['lost'] })).toThrow(
    expect.objectContaining({
      code: 'FAULT_UNKNOWN',
      message: 'Unknown fault: expected one of the poll level in relayscope list faults, got "lost"',
    }),
  );
  expect(() => plans({ faults: ['late'], level: 'transport' })).toThrow('expected one of the transport level');
});

test('a plan that fails by one fault is shown that fault, with nothing said that does not matter', () => {
  const property = fc.property(plans(), ({ faults }) => !faults.some(({ fault }) => fault === 'swallow'));
  const { counterexample } = fc.check(property, RUNS);
  expect(fc.stringify(counterexample)).toBe("[{ faults: [{ fault: 'swallow', side: 'a' }] }]");
});

test('a fault that fires by chance keeps its chances when others are taken out of the plan', () => {
  const all = fc.sample(plans(), RUNS).flatMap(({ faults }) => faults);
  for (const { when, generator } of all) expect(generator !== undefined).toBe(when !== undefined && 'chance' in when);
});
