import { expect, test } from 'vitest';
import { summariseTrace } from '../../harness/demo/summarise-trace.ts';
import { runCopy } from '../../harness/sim/run-copy.ts';
import type { Script } from '../../harness/sim/script.ts';
import { ScriptedStream } from '../../harness/sim/scripted-stream.ts';
import { resolveDialect } from '../../src/copy/dialect.ts';
import { readRing } from '../../src/trace/read-ring.ts';
import { Recorder } from '../../src/trace/recorder.ts';

function summarise(dialect: string, a: Script, b: Script): ReturnType<typeof summariseTrace> {
  const recorder = new Recorder();
  const streams = [new ScriptedStream('a', a, []), new ScriptedStream('b', b, [])] as const;
  runCopy(...streams, { dialect: resolveDialect(dialect), recorder, limits: { idleIterations: 1000 } });
  return summariseTrace(readRing(recorder.buffer));
}

test('the spin of the story', () => {
  expect(summarise('tokio-1.12.0', { read: [68, 'x'] }, { read: ['x'], write: [{ d: 1 }] })).toEqual({
    direction: 'a -> b',
    pos: 69,
    cap: 68,
    read_done: false,
    iterations: 1001,
    offered: 68,
    reported: 69,
    reads: { 'a -> b': 1, 'b -> a': 0 },
    written: { 'a -> b': 69, 'b -> a': 0 },
  });
});

test('with the arguments swapped it is the other direction, and the first was polled', () => {
  expect(summarise('tokio-1.12.0', { read: ['x'], write: [{ d: 1 }] }, { read: [68, 'x'] })).toMatchObject({
    direction: 'b -> a',
    pos: 69,
    cap: 68,
    iterations: 1001,
    reads: { 'a -> b': 1, 'b -> a': 1 },
  });
});

test('a count that the reset hides is found at the iteration in which it happened', () => {
  const masked = summarise('tokio-1.53.1', { read: [68, 'p', 0] }, { read: ['p', 302, 0], write: [{ d: 1 }] });
  expect(masked).toMatchObject({ direction: 'a -> b', pos: 69, cap: 68, read_done: false, offered: 68, reported: 69 });
  expect(masked.written).toEqual({ 'a -> b': 69, 'b -> a': 302 });
});

test('under checked there is no iteration after the wrong count: it is the write itself', () => {
  const refused = summarise('checked', { read: [68, 'x'] }, { read: ['x'], write: [{ d: 1 }] });
  expect(refused).toMatchObject({ direction: 'a -> b', pos: 0, cap: 68, iterations: 0, offered: 68, reported: 69 });
});

test('a copy without a fault has no wrong count', () => {
  const fine = summarise('tokio-1.53.1', { read: [68, 'p', 0] }, { read: ['p', 302, 0] });
  expect(fine.reported).toBeUndefined();
  expect(fine.written).toEqual({ 'a -> b': 68, 'b -> a': 302 });
});

test('repeats within a repeated poll are multiplied', () => {
  const recorder = new Recorder();
  for (let poll = 0; poll < 100; poll += 1) {
    recorder.poll(1);
    for (let iteration = 0; iteration < 10; iteration += 1) recorder.loop(0, 1, 0, 0);
  }
  const events = readRing(recorder.buffer);
  expect(events.length).toBeLessThan(10);
  expect(summariseTrace(events).iterations).toBe(1000);
});
