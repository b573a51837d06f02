import { expect, test } from 'vitest';
import { runScenario } from '../../harness/sim/run-scenario.ts';
import { payloadByte } from '../../harness/sim/payload.ts';
import type { RunResult } from '../../harness/sim/run-result.ts';
import { scenarioOf, STORY } from './scenario-of.ts';

const DIALECTS = [
  'checked',
  'tokio-0.2.0',
  'tokio-1.12.0',
  'tokio-1.21.2',
  'tokio-1.35.0',
  'tokio-1.38.0',
  'tokio-1.53.1',
];

test.each(DIALECTS)('%s: the story completes, with its bytes and without a broken law', (dialect) => {
  const run = runScenario(STORY, { dialect });
  expect(run).toMatchObject({ outcome: 'completed', direction: null, error: null, counts: { aToB: 68, bToA: 302 } });
  expect(run.polls).toBe(2);
  expect(run.broken).toEqual([]);
  expect([...run.delivered.bToA]).toEqual(Array.from({ length: 302 }, (_, at) => payloadByte(1, 'b -> a', at)));
});

/** The laws that a run has broken, by direction. */
function broken(run: RunResult): readonly string[] {
  return run.broken.map(({ law, direction }) => `${law} ${direction}`);
}

test('the bug of the story spins in the dialect that it was found in', () => {
  const b = { read: [{ received: 68 }, 302, 0], write: [{ d: 1 }] };
  const run = runScenario(scenarioOf({ a: STORY.a, b }), { dialect: 'tokio-1.12.0' });
  expect(run).toMatchObject({ outcome: 'spinning', direction: 'a -> b', polls: 1, error: { code: 'SPINNING' } });
  expect(broken(run)).toEqual(['accounting a -> b', 'bounded a -> b']);
  expect(run.broken[0]?.message).toBe('69 bytes were reported as written, and 68 were taken');
});

test('the same bug fails at once in checked', () => {
  const run = runScenario(scenarioOf({ a: { read: [68] }, b: { write: [{ d: 1 }] } }), { dialect: 'checked' });
  expect(run).toMatchObject({ outcome: 'failed', direction: 'a -> b', error: { code: 'WRITE_COUNT_INVALID' } });
});

test('a count that is one too small sends a byte twice, and the ledger sees it', () => {
  const run = runScenario(scenarioOf({ a: { read: [68] }, b: { write: [{ d: -1 }] } }), { dialect: 'tokio-1.53.1' });
  expect(run).toMatchObject({ outcome: 'completed', counts: { aToB: 68 } });
  expect(run.delivered.aToB).toHaveLength(69);
  expect(broken(run)).toEqual(['accounting a -> b', 'conservation a -> b', 'end-once a -> b']);
  expect(run.broken[1]?.message).toBe('The sink got 69 bytes, and the source had given 68');
});

test('a copy that nothing can wake is parked, with what each half waits for', () => {
  const scenario = scenarioOf({ a: { read: [68, 'x'] }, b: { read: [{ received: 100 }] } });
  const run = runScenario(scenario, { dialect: 'checked' });
  expect(run).toMatchObject({ outcome: 'parked', direction: 'a -> b', polls: 1 });
  expect(run.waits).toEqual([
    { direction: 'a -> b', half: 'read', waker: false },
    { direction: 'b -> a', half: 'read', waker: true },
  ]);
  expect(broken(run)).toEqual(['waker a -> b']);
});

test('a reader that wakes itself and never has anything is a livelock', () => {
  const read = Array.from({ length: 20_000 }, () => 'p' as const);
  const run = runScenario(scenarioOf({ a: { read }, b: { read: [0] } }), { dialect: 'tokio-1.53.1' });
  expect(run).toMatchObject({ outcome: 'livelocked', direction: 'a -> b' });
  expect(broken(run)).toEqual(['bounded a -> b']);
});

test('a direction that never gets its turn is starved', () => {
  const read = Array.from({ length: 20_000 }, () => 100);
  const scenario = scenarioOf({ options: { coopBudget: true }, a: { read }, b: { read: [302, 0] } });
  expect(runScenario(scenario, { dialect: 'tokio-1.36.0' })).toMatchObject({ outcome: 'starved', direction: 'b -> a' });
  expect(runScenario(scenario, { dialect: 'checked' })).toMatchObject({ outcome: 'completed' });
});

/** It shuts down, which takes time, and no time passes while the other direction has something to do. */
test('a direction that waits for time is not starved, even if its reader was woken at the end', () => {
  const read = Array.from({ length: 20_000 }, () => 1);
  const plan = { faults: [{ fault: 'end-twice', side: 'b' }] } as const;
  const scenario = scenarioOf({ a: { read, shutdown: [{ waitMs: 2 }] }, b: { read: [0] } });
  expect(runScenario({ ...scenario, plan }, { dialect: 'checked' })).toMatchObject({
    outcome: 'completed',
    elapsedMs: 2,
  });
});

test('a poll that moves bytes for ever is ended at a limit', () => {
  const read = Array.from({ length: 200_000 }, () => 1);
  const scenario = scenarioOf({ a: { read: [0] }, b: { read } });
  const run = runScenario(scenario, { dialect: 'tokio-1.53.1' });
  expect(run).toMatchObject({ outcome: 'unfinished', polls: 1, direction: 'b -> a' });
});

test('more polls than the scenario allows leave it unfinished, if bytes still moved', () => {
  const scenario = scenarioOf({ options: { maxPolls: 5 }, a: { read: [1, 'p', 1, 'p', 1, 'p', 1, 'p', 1, 'p', 1] } });
  expect(runScenario(scenario, { dialect: 'checked' })).toMatchObject({ outcome: 'unfinished', polls: 5 });
});

test('more steps than the scenario allows end it, between two polls or within one', () => {
  const read = Array.from({ length: 50 }, () => ['p', 1] as const).flat();
  const slow = scenarioOf({ options: { maxSteps: 60 }, a: { read }, b: { read: [0] } });
  const run = runScenario(slow, { dialect: 'checked' });
  expect(run).toMatchObject({ outcome: 'unfinished' });
  expect([run.polls, run.steps]).toEqual([12, 60]);
  const fast = scenarioOf({ options: { maxSteps: 40 }, b: { read: read.filter((entry) => entry !== 'p') } });
  expect(runScenario(fast, { dialect: 'tokio-1.53.1' })).toMatchObject({ outcome: 'unfinished', polls: 1, steps: 79 });
});

test('what a stream takes is bounded, apart from what was given', () => {
  const plan = { faults: [{ fault: 'taken-twice', side: 'a' }] } as const;
  const scenario = scenarioOf({ options: { maxBytes: 1000 }, b: { read: [300, 300] } });
  const run = runScenario({ ...scenario, plan }, { dialect: 'tokio-1.53.1' });
  expect(run).toMatchObject({ outcome: 'unfinished', direction: 'b -> a', polls: 1, error: null });
  expect(run.delivered.bToA).toHaveLength(900);
});

/** pos becomes "0.5", then "0.562", "0.562624…": as a literal port computes, each step slower than the one before. */
test('a count that is a text does not make a run go on for minutes', () => {
  const plan = {
    faults: [
      { fault: 'count-string', side: 'b', half: 'write', when: { chance: 0.1 }, times: 5 },
      { fault: 'count-fraction', side: 'b', half: 'write', when: { byte: 69 } },
      { fault: 'count', by: 1, side: 'a', when: { call: 2 } },
    ],
  } as const;
  const options = { bufferBytes: 256, coopBudget: true };
  const a = { read: [63, 3, { waitMs: 1 }, 65, 257, 'p', 63] as const };
  const b = { read: [255, 2, 'p', 1, 128, 5] as const, write: [1, 1, { waitMs: 2 }, 4, 'p', 16] as const };
  const run = runScenario({ ...scenarioOf({ options, a, b }), seed: 805_036, plan }, { dialect: 'tokio-1.53.1' });
  expect(run.outcome).toBe('unfinished');
  expect(String(run.counts.aToB)).toMatch(/^010\.541624/);
  const atOnce = scenarioOf({ options: { bufferBytes: 256 }, a, b });
  const inOnePoll = runScenario({ ...atOnce, seed: 805_036, plan }, { dialect: 'tokio-1.53.1' });
  expect([inOnePoll.outcome, inOnePoll.steps < 5000]).toEqual(['unfinished', true]);
  expect(run.polls).toBe(64);
});

test('time passes only while everything waits for it, and ends at a limit', () => {
  const a = { read: [{ waitMs: 250 }, 68, { waitMs: 1000 }, 0] };
  const scenario = scenarioOf({ a, b: { read: [{ waitMs: 400 }, 0] } });
  expect(runScenario(scenario, { dialect: 'checked' })).toMatchObject({
    outcome: 'completed',
    elapsedMs: 1250,
    polls: 4,
  });
  const short = { ...scenario, options: { maxMs: 1249 } };
  expect(runScenario(short, { dialect: 'checked' })).toMatchObject({ outcome: 'unfinished', elapsedMs: 400 });
});

test('a half-closed wait ends when it may', () => {
  const scenario = scenarioOf({ options: { halfCloseTimeoutMs: 500 }, a: { read: [68, 0] }, b: { read: ['x'] } });
  const run = runScenario(scenario, { dialect: 'checked' });
  expect(run).toMatchObject({
    outcome: 'failed',
    direction: 'b -> a',
    elapsedMs: 500,
    error: { code: 'HALF_CLOSE_TIMEOUT' },
  });
});

test('named bytes arrive as they were named, at every chunk size', () => {
  const scenario = scenarioOf({ a: { read: [3, { text: 'GET / HTTP/1.1\r\n' }, { hex: '00ff' }, 0] } });
  for (let chunkBytes = 1; chunkBytes <= 32; chunkBytes += 1) {
    const run = runScenario(scenario, { dialect: 'tokio-1.35.0', chunkBytes });
    expect(Buffer.from(run.delivered.aToB).toString('latin1', 3)).toBe('GET / HTTP/1.1\r\n\0\xff');
    expect(run.broken).toEqual([]);
  }
});

test('a plan breaks what it says', () => {
  const plan = { faults: [{ fault: 'count', side: 'b', half: 'write', by: 1 }] } as const;
  const run = runScenario({ ...STORY, plan }, { dialect: 'tokio-1.12.0' });
  expect(run).toMatchObject({ outcome: 'spinning', direction: 'a -> b' });
});

/** It fails outside of any call of the copy, where an error would end whoever turns the clock. */
test('what a stream cannot send by itself, a moment later, is told to whoever calls next', () => {
  const scenario = scenarioOf({ a: { read: [1, { waitMs: 5 }, 1] }, b: { write: ['e'] } });
  const plan = { faults: [{ fault: 'shutdown-drops-tail', side: 'b' }] } as const;
  expect(runScenario({ ...scenario, plan }, { dialect: 'checked' })).toMatchObject({
    outcome: 'failed',
    direction: 'a -> b',
    error: { code: 'STREAM_FAILED' },
    elapsedMs: 5,
  });
});
