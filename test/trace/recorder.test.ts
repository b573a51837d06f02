import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { runCopy } from '../../harness/sim/run-copy.ts';
import type { Script } from '../../harness/sim/script.ts';
import { ScriptedStream } from '../../harness/sim/scripted-stream.ts';
import { resolveDialect } from '../../src/copy/dialect.ts';
import { PENDING } from '../../src/poll/pending.ts';
import { Kind } from '../../src/trace/event-kind.ts';
import { toNdjson } from '../../src/trace/file/to-ndjson.ts';
import { readRing } from '../../src/trace/read-ring.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import type { TraceEvent } from '../../src/trace/trace-event.ts';

/** Time stands still, so that a trace is the same each time. */
const clock = { nowMs: () => 0, after: () => () => undefined };

function record(dialect: string, a: Script, b: Script, idleIterations = 1): TraceEvent[] {
  const recorder = new Recorder({ clock });
  const streams = [new ScriptedStream('a', a, []), new ScriptedStream('b', b, [])] as const;
  runCopy(...streams, { dialect: resolveDialect(dialect), recorder, limits: { idleIterations } });
  return readRing(recorder.buffer);
}

function brief({ kind, direction, pos, cap, n, offered, read_done, repeat }: TraceEvent): unknown[] {
  return [kind, direction, pos, cap, n, offered, read_done, repeat].filter((value) => value !== undefined);
}

test('the story: the write that claims one too many, then one iteration for ever', () => {
  expect(record('tokio-1.12.0', { read: [68, 'x'] }, { read: ['x'], write: [{ d: 1 }] }, 1000).map(brief)).toEqual([
    ['poll', 1],
    ['read', 'a -> b', 0, 0, 68, 2048, false],
    ['write', 'a -> b', 0, 68, 69, 68, false],
    ['loop', 'a -> b', 69, 68, false, 1000],
  ]);
});

test('registrations and wakes are told apart by half and direction', () => {
  const events = record('checked', { read: ['p', 0], shutdown: ['p'] }, { read: [0], shutdown: ['p'] });
  const wakes = events.filter(({ kind }) => kind === 'register' || kind === 'wake');
  expect(wakes.map(({ kind, direction, half }) => `${kind} ${direction} ${half}`)).toEqual([
    'register a -> b read',
    'wake a -> b read',
    'register b -> a write',
    'wake b -> a write',
    'register a -> b write',
    'wake a -> b write',
  ]);
});

test('a poll that repeats the one before is counted, not recorded again', () => {
  const events = record(
    'tokio-1.53.1',
    { read: [...Array.from({ length: 500 }, () => 'p' as const), 'x'] },
    { read: [] },
  );
  const polls = events.filter(({ kind }) => kind === 'poll');
  expect(polls.map(({ n, repeat }) => [n, repeat])).toEqual([
    [1, undefined],
    [2, 498],
    [501, undefined],
  ]);
});

test('what is no 32-bit integer keeps its value, and what is no number its type', () => {
  const recorder = new Recorder({ clock });
  const values = [Number.NaN, 0.5, 2 ** 40, -1, '68', undefined, null, 'sixty-eight bytes and more', PENDING];
  // Typed as numbers, as a mistaken stream's results would be.
  for (const value of values) recorder.event(Kind.WRITE, 1, 0, 68, value as number, 68);
  expect(readRing(recorder.buffer).map(({ n }) => n)).toEqual([
    { type: 'number', value: Number.NaN },
    { type: 'number', value: 0.5 },
    { type: 'number', value: 2 ** 40 },
    -1,
    { type: 'string', value: '68' },
    { type: 'undefined', value: '' },
    { type: 'null', value: '' },
    { type: 'string', value: 'sixty-eight byte' },
    'pending',
  ]);
  const lines = [...toNdjson({}, readRing(recorder.buffer))];
  expect(JSON.parse(lines[1] ?? '')).toMatchObject({ n: { type: 'number', value: 'NaN' } });
});

describe('a ring that has wrapped', () => {
  test('keeps the first records, the latest, and says how many are missing between', () => {
    const recorder = new Recorder({ keptRecords: 10, ringRecords: 256, clock });
    for (let pos = 0; pos < 1000; pos += 1) recorder.event(Kind.READ, 1, pos, 0, 0, 0);
    const events = readRing(recorder.buffer);
    expect(events.slice(0, 10).map(({ pos }) => pos)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(events[10]).toMatchObject({ kind: 'gap', seq: 10, n: 734 });
    expect(events.slice(11).map(({ pos, seq }) => [pos, seq])).toEqual(
      Array.from({ length: 256 }, (_, index) => [744 + index, 744 + index]),
    );
  });

  test('a spin cannot push out what led to it', () => {
    const recorder = new Recorder({ keptRecords: 2, ringRecords: 256, clock });
    for (let pos = 0; pos < 10; pos += 1) recorder.event(Kind.READ, 1, pos, 0, 0, 0);
    for (let i = 0; i < 1_000_000; i += 1) recorder.loop(0, 1, 69, 68);
    expect(readRing(recorder.buffer).map(({ kind, pos, repeat }) => [kind, pos, repeat ?? 0])).toEqual([
      ...Array.from({ length: 10 }, (_, pos) => ['read', pos, 0]),
      ['loop', 69, 999_999],
    ]);
  });
});

test('another thread reads the ring while this one spins in its loop', async () => {
  const source = `
    const { parentPort } = require('node:worker_threads');
    import(${JSON.stringify(new URL('../../src/trace/recorder.ts', import.meta.url).href)}).then(({ Recorder }) => {
      const recorder = new Recorder();
      parentPort.postMessage(recorder.buffer);
      for (;;) recorder.loop(0, 1, 69, 68);
    });`;
  const worker = new Worker(source, { eval: true });
  const buffer = await new Promise<SharedArrayBuffer>((resolve) => worker.once('message', resolve));
  try {
    let seen = 0;
    for (let looks = 0; looks < 20_000_000 && seen < 1_000_000; looks += 1) seen = readRing(buffer).at(-1)?.repeat ?? 0;
    expect(seen).toBeGreaterThanOrEqual(1_000_000);
    expect(readRing(buffer)).toMatchObject([{ kind: 'loop', pos: 69, cap: 68 }]);
  } finally {
    await worker.terminate();
  }
});

test.each([0, 64, 1024])('%i bytes of other memory are no ring', (bytes) => {
  expect(() => readRing(new SharedArrayBuffer(bytes))).toThrow(expect.objectContaining({ code: 'RING_MALFORMED' }));
});
