import { getHeapStatistics } from 'node:v8';
import { expect, test } from 'vitest';
import { fingerprint } from '../../harness/sim/fingerprint.ts';
import { runSelfChecked } from '../../harness/sim/run-self-checked.ts';
import { runScenario } from '../../harness/sim/run-scenario.ts';
import { World } from '../../harness/sim/world.ts';
import { readRing } from '../../src/trace/read-ring.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import { scenarioOf, STORY } from './scenario-of.ts';

const LATE = scenarioOf({
  a: { read: [10, { waitMs: 5 }, 10, 'p', 10, 0] },
  b: { read: [{ waitMs: 5 }, 20, 'p', 0], write: ['p', 7, 'p'] },
});

test('a world that has run anything else runs a scenario as a new one does', () => {
  const world = new World();
  const lying = scenarioOf({ a: { read: [68, 'e'] }, b: { write: [{ d: 1 }], shutdown: ['x'] } });
  for (const dialect of ['tokio-1.12.0', 'checked', 'tokio-1.53.1']) {
    for (const scenario of [STORY, lying, LATE, STORY, LATE, lying, lying]) {
      const used = fingerprint(world.run(scenario, { dialect }));
      expect(used).toBe(fingerprint(runScenario(scenario, { dialect })));
    }
  }
});

test('what an earlier run has left in a buffer is not seen by one whose reads claim too much', () => {
  const plan = { faults: [{ fault: 'count', side: 'a', half: 'read', by: 5 }] } as const;
  const overread = scenarioOf({ a: { read: [68, 'x'] }, b: { read: [0] }, plan });
  const world = new World();
  world.run(scenarioOf({ a: { read: [500, 0] }, seed: 9 }), { dialect: 'tokio-1.53.1' });
  const run = world.run(overread, { dialect: 'tokio-1.53.1' });
  expect([...run.delivered.aToB.subarray(68)]).toEqual([0, 0, 0, 0, 0]);
});

test('the options of a scenario are its own', () => {
  const world = new World();
  const lying = scenarioOf({ a: { read: [68] }, b: { write: [{ d: 1 }] } });
  expect(world.run(lying, { dialect: 'tokio-1.35.0' })).toMatchObject({ outcome: 'spinning' });
  const debug = { ...lying, options: { debugAssertions: true } };
  expect(world.run(debug, { dialect: 'tokio-1.35.0' })).toMatchObject({ error: { code: 'ASSERTION_FAILED' } });
  expect(world.run(lying, { dialect: 'tokio-1.35.0' })).toMatchObject({ outcome: 'spinning' });
});

test('a run recorded twice gives the same trace, whose times are its own', () => {
  const recorder = new Recorder();
  const { result, trace } = runSelfChecked(LATE, { dialect: 'checked', recorder });
  expect(result).toMatchObject({ outcome: 'completed', elapsedMs: 5 });
  const events = readRing(recorder.buffer);
  expect(trace).toHaveLength(32 * events.length);
  expect(events.filter(({ kind }) => kind === 'poll').map(({ tickMs }) => tickMs)).toEqual([0, 0, 0, 5, 5]);
});

test('a schedule changes the order of things, and not what arrives', () => {
  const traces = new Set<string>();
  for (let seed = 1; seed <= 20; seed += 1) {
    const { result, trace } = runSelfChecked(LATE, { dialect: 'checked', schedule: { seed, maxDelayMs: 3 } });
    expect(result).toMatchObject({ outcome: 'completed', counts: { aToB: 30, bToA: 20 }, broken: [] });
    traces.add(Buffer.from(trace).toString('base64'));
  }
  expect(traces.size).toBeGreaterThan(5);
});

/**
 * One buffer of a direction alone is 8 KiB. The median rides over the compiler at work, which on a busy machine comes late: some
 * hundred bytes a run are its own. The benchmark gives the figure.
 */
test('a world allocates next to nothing in a run', () => {
  const world = new World();
  const options = { dialect: 'tokio-1.53.1', recorder: new Recorder() };
  const grown = (runs: number): number => {
    const before = getHeapStatistics().used_heap_size;
    for (let i = 0; i < runs; i += 1) world.run(STORY, options);
    return Math.abs(getHeapStatistics().used_heap_size - before) / runs;
  };
  grown(10_000);
  const measured = Array.from({ length: 9 }, () => grown(2000)).toSorted((x, y) => x - y);
  expect(measured[4]).toBeLessThan(2000);
});
