import { expect, test } from 'vitest';
import { BrokenLaws } from '../../harness/sim/broken-laws.ts';
import { HalfWatch } from '../../harness/sim/half-watch.ts';
import { Ledger } from '../../harness/sim/ledger.ts';
import { Scheduler } from '../../harness/sim/scheduler.ts';
import { compileSide } from '../../harness/sim/side-program.ts';
import { SimStream } from '../../harness/sim/sim-stream.ts';
import { WatchedStream } from '../../harness/sim/watched-stream.ts';
import { runScenario } from '../../harness/sim/run-scenario.ts';
import type { Scenario } from '../../harness/scenario/scenario.ts';
import type { PollStream } from '../../src/poll/poll-stream.ts';
import { readRing } from '../../src/trace/read-ring.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import { scenarioOf, STORY } from './scenario-of.ts';

/** What a run says of its laws when side b's stream is changed: `law direction: message`. */
function broken(change: (b: PollStream) => Partial<PollStream>, scenario: Scenario = STORY): readonly string[] {
  const faults = (side: 'a' | 'b', inner: PollStream): PollStream => {
    if (side === 'a') return inner;
    const same: PollStream = {
      pollRead: inner.pollRead.bind(inner),
      pollWrite: inner.pollWrite.bind(inner),
      pollFlush: inner.pollFlush.bind(inner),
      pollShutdown: inner.pollShutdown.bind(inner),
    };
    return { ...same, ...change(inner) };
  };
  const run = runScenario(scenario, { dialect: 'tokio-1.53.1', faults });
  return run.broken.map(({ law, direction, message }) => `${law} ${direction}: ${message}`);
}

test('nothing is broken where nothing is changed', () => {
  expect(broken(() => ({}))).toEqual([]);
});

test('conservation: a byte that is another one at the sink', () => {
  const pollWrite =
    (b: PollStream): PollStream['pollWrite'] =>
    (cx, bytes, start, end, given) => {
      bytes[start + 5] = (bytes[start + 5] ?? 0) ^ 1;
      return b.pollWrite(cx, bytes, start, end, given);
    };
  expect(broken((b) => ({ pollWrite: pollWrite(b) }))).toEqual([
    'conservation a -> b: Byte 5 of the sink is not the one that the source gave there',
  ]);
});

test('conservation: an end that came too early leaves bytes behind', () => {
  const b = { read: [{ received: 68 }, 100, 202, 0] };
  let reads = 0;
  const change = (inner: PollStream): Partial<PollStream> => ({
    pollRead: (cx, bytes, start, end) => {
      const n = inner.pollRead(cx, bytes, start, end);
      if (n > 0) reads += 1;
      return reads > 1 ? 0 : n;
    },
  });
  expect(broken(change, scenarioOf({ a: { read: [68, 0] }, b }))).toEqual([
    'end-once b -> a: The sink was ended after 100 bytes, and the source had not ended',
    'conservation b -> a: The copy completed with 302 bytes given and 100 arrived',
  ]);
});

test('accounting: a write that takes and says nothing', () => {
  const pollWrite =
    (b: PollStream): PollStream['pollWrite'] =>
    (cx, bytes, start, end, given) => {
      b.pollWrite(cx, bytes, start, end, given);
      // What `ws.send` returns.
      return undefined as unknown as number;
    };
  expect(broken((b) => ({ pollWrite: pollWrite(b) }))[0]).toBe(
    'accounting a -> b: A write reported undefined, no count of bytes',
  );
});

test('end-once: an end that the sink never sees', () => {
  expect(broken(() => ({ pollShutdown: () => 0 }))).toEqual([
    'end-once a -> b: The end was said to be passed on, and the sink did not see it',
  ]);
});

test('end-once: an end that the sink sees twice', () => {
  const pollShutdown =
    (b: PollStream): PollStream['pollShutdown'] =>
    (cx) => {
      b.pollShutdown(cx);
      return b.pollShutdown(cx);
    };
  expect(broken((b) => ({ pollShutdown: pollShutdown(b) }))).toEqual(['end-once a -> b: The sink was ended 2 times']);
});

test('quiet-after-done: a copy that goes on after both ends', () => {
  const broken = new BrokenLaws();
  const ledgers = { source: new Ledger('a -> b'), sink: new Ledger('b -> a') };
  const sim = new SimStream('a', ledgers, compileSide({}), new Scheduler());
  const stream = new WatchedStream('a -> b', 'b -> a', sim, broken);
  const context = (half: 'read' | 'write'): HalfWatch => new HalfWatch('a -> b', half);
  const bytes = new Uint8Array(8);
  for (let round = 1; round <= 2; round += 1) {
    stream.pollRead(context('read'), bytes, 0, 8);
    stream.pollShutdown(context('write'));
  }
  expect(broken.list.filter(({ law }) => law === 'quiet-after-done')).toMatchObject([
    { direction: 'a -> b', message: 'A read was made after the end of the stream was read' },
    { direction: 'b -> a', message: 'A shutdown was made after the shutdown was done' },
  ]);
});

test('waker: a Pending that registers nothing, at the record of the call', () => {
  const recorder = new Recorder();
  const scenario = scenarioOf({ a: { read: [68, 'x'] }, b: { read: [0] } });
  const run = runScenario(scenario, { dialect: 'tokio-1.53.1', recorder });
  expect(run.broken).toMatchObject([
    { law: 'waker', direction: 'a -> b', message: 'A read was Pending and had registered no waker' },
  ]);
  expect(readRing(recorder.buffer)[run.broken[0]?.seq ?? -1]).toMatchObject({ kind: 'read', n: 'pending' });
});

test('bounded: a poll that goes on for ever without a byte', () => {
  const change = { pollWrite: () => -1 };
  expect(broken(() => change, scenarioOf({ a: { read: [68, 0] }, b: { read: [0] } }))).toEqual([
    'accounting a -> b: -1 bytes were reported as written, and 0 were taken',
    'bounded a -> b: It went on without end and moved nothing, up to poll 1',
  ]);
});
