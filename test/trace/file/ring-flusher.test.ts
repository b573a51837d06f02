import fc from 'fast-check';
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/poll/clock.ts';
import { Kind } from '../../../src/trace/event-kind.ts';
import { ProvisionalTail } from '../../../src/trace/file/provisional-tail.ts';
import { RingFlusher } from '../../../src/trace/file/ring-flusher.ts';
import { advanceTick } from '../../../src/trace/read-ring.ts';
import { Recorder } from '../../../src/trace/recorder.ts';
import { snapshotRing } from '../../../src/trace/ring-snapshot.ts';
import type { TraceItem } from '../../../src/trace/trace-item.ts';
import { readBytes, seqs, traceOf } from './sample.ts';

const still = { nowMs: () => 0, after: () => () => undefined };

/** What a flusher appends, as it would stand in a file. */
class Kept {
  readonly items: TraceItem[] = [];
  records = 0;

  append(item: TraceItem): void {
    if (item.kind === 'records') this.records += item.words.length / 8;
    this.items.push(item.kind === 'records' ? { ...item, words: item.words.slice() } : item);
  }

  read(): Promise<TraceItem[]> {
    return readBytes(traceOf(this.items));
  }
}

function flat(items: readonly TraceItem[]): number[] {
  return items.flatMap((item) => (item.kind === 'records' ? [...item.words] : [item.kind.length]));
}

/** Polls and loops that go round, so that the recorder collapses, takes back and counts; or a flush. */
const step = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(fc.constant('poll' as const), fc.integer({ min: 1, max: 2 })) },
  { weight: 3, arbitrary: fc.tuple(fc.constant('loop' as const), fc.nat({ max: 1 })) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('read' as const), fc.nat({ max: 1 })) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('wrong' as const), fc.nat({ max: 1 })) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('flush' as const), fc.nat({ max: 9 })) },
);
const steps = fc
  .array(fc.tuple(fc.array(step, { maxLength: 8 }), fc.integer({ min: 1, max: 40 })), { maxLength: 10 })
  .map((parts) => parts.flatMap(([round, times]) => Array.from({ length: times }, () => round).flat()));

describe('however often it is flushed, what is read at the end is what the ring holds', () => {
  test('while the ring has lost nothing', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        let nowMs = 0;
        const recorder = new Recorder({ clock: { ...still, nowMs: () => nowMs } });
        const kept = new Kept();
        const flusher = new RingFlusher(recorder.buffer, kept, { clock: { ...still, nowMs: () => nowMs } });
        for (const [kind, value] of all) {
          if (kind === 'poll') recorder.poll(value);
          else if (kind === 'loop') recorder.loop(0, 1, value, 68);
          else if (kind === 'read') recorder.event(Kind.READ, 1, value, 0, 0, 0);
          else if (kind === 'wrong') recorder.event(Kind.WRITE, 1, value, 0, Number.NaN, 0);
          else {
            nowMs += value;
            flusher.flush();
          }
        }
        flusher.finish();
        const [ring] = snapshotRing(recorder.buffer, 0);
        expect(flat(await kept.read())).toEqual([...(ring?.words ?? [])]);
      }),
      { numRuns: 500 },
    );
  });

  test('or that, with what was flushed in time before it, and a gap', async () => {
    const recorder = new Recorder({ keptRecords: 4, ringRecords: 256, clock: still });
    const kept = new Kept();
    const flusher = new RingFlusher(recorder.buffer, kept, { clock: still });
    const record = (count: number): void => {
      for (let i = 0; i < count; i += 1) recorder.event(Kind.READ, 1, i, 0, 0, 0);
      flusher.flush();
    };
    record(100);
    record(200);
    record(1000);
    record(10);
    const numbers = seqs(await kept.read());
    expect(numbers).toEqual([
      ...Array.from({ length: 300 }, (_, seq) => seq),
      ...Array.from({ length: 266 }, (_, index) => 1044 + index),
    ]);
  });

  test('and what was kept before a gap stays, though it is less than 512 records ago', async () => {
    const recorder = new Recorder({ keptRecords: 400, ringRecords: 256, clock: still });
    const kept = new Kept();
    let nowMs = 0;
    const clock = { ...still, nowMs: () => (nowMs += 2000) };
    const flusher = new RingFlusher(recorder.buffer, kept, { clock });
    for (let i = 0; i < 700; i += 1) recorder.event(Kind.READ, 1, i, 0, 0, 0);
    flusher.flush();
    for (let i = 0; i < 5; i += 1) recorder.event(Kind.READ, 1, i, 0, 0, 0);
    flusher.flush();
    expect(kept.items.map((item) => (item.kind === 'records' ? item.firstSeq : item.kind))).toEqual([0, 444, 700]);
    expect(seqs(await kept.read()).length).toBe(400 + 261);
  });

  test('or, for who comes too late, the first part, a gap, and the latest', async () => {
    const recorder = new Recorder({ keptRecords: 4, ringRecords: 256, clock: still });
    for (let i = 0; i < 1000; i += 1) recorder.event(Kind.READ, 1, i, 0, 0, 0);
    const kept = new Kept();
    new RingFlusher(recorder.buffer, kept, { clock: still }).flush();
    expect(seqs(await kept.read())).toEqual([0, 1, 2, 3, ...Array.from({ length: 256 }, (_, index) => 744 + index)]);
  });
});

test('twenty minutes of spinning that are flushed every 5 ms are written some 1200 times, and what is new at once', () => {
  let nowMs = 0;
  const clock = { ...still, nowMs: () => nowMs };
  const recorder = new Recorder({ clock });
  const kept = new Kept();
  const flusher = new RingFlusher(recorder.buffer, kept, { clock });
  for (; nowMs < 1_200_000; nowMs += 5) {
    recorder.loop(0, 1, 69, 68);
    // As a watchdog does, so that a repeat knows when it was.
    advanceTick(recorder.buffer, 5);
    flusher.flush();
  }
  // 10, 20, 40 … ms, then every second.
  expect(kept.items.length).toBe(1207);
  recorder.event(Kind.READ, 1, 0, 0, 0, 0);
  flusher.flush();
  expect(kept.items.at(-1)).toMatchObject({ firstSeq: 0 });
  expect(kept.items.at(-1)).toMatchObject({ words: { length: 16 } });
});

test('so is a loop of polls that goes round for ten minutes', () => {
  let nowMs = 0;
  const clock = { ...still, nowMs: () => nowMs };
  const recorder = new Recorder({ clock });
  const kept = new Kept();
  const flusher = new RingFlusher(recorder.buffer, kept, { clock });
  for (let i = 0; nowMs < 600_000; i += 1) {
    // Sometimes in the midst of a round.
    recorder.poll(1);
    if (i % 3 === 0) flusher.flush();
    recorder.event(Kind.READ, 1, 0, 0, 0, 2048);
    if (i % 5 === 0) flusher.flush();
    recorder.loop(0, 1, 0, 0);
    flusher.flush();
    nowMs += 5;
  }
  expect(kept.items.length).toBeLessThan(700);
});

test('of a ring that has no more records there is an empty part; of one that has fewer, none', () => {
  const recorder = new Recorder({ clock: still });
  for (let i = 0; i < 5; i += 1) recorder.event(Kind.READ, 1, i, 0, 0, 0);
  expect(snapshotRing(recorder.buffer, 5)).toEqual([{ firstSeq: 5, words: new Int32Array(0) }]);
  expect(snapshotRing(recorder.buffer, 6)).toEqual([]);
});

test('a writer that fails is asked again', async () => {
  const recorder = new Recorder({ clock: still });
  const kept = new Kept();
  let isFull = true;
  const writer = {
    append(item: TraceItem): void {
      if (isFull) throw new Error('No space left');
      kept.append(item);
    },
  };
  const flusher = new RingFlusher(recorder.buffer, writer, { clock: still });
  recorder.event(Kind.READ, 1, 0, 0, 0, 0);
  expect(() => {
    flusher.flush();
  }).toThrow('No space left');
  isFull = false;
  flusher.flush();
  expect(seqs(await kept.read())).toEqual([0]);
});

test('an extension is written together with its record', () => {
  const tail = new ProvisionalTail();
  const words = [
    [Kind.LOOP, 1, 0, 0, 0, 0, 0, 0],
    [Kind.WRITE, 1, 0, 68, 0, 68, 0, 0],
    [Kind.EXTENSION, 1, 7, 0, 0, 0, 0, 0],
  ].flat();
  tail.store(0, Int32Array.from(words));
  expect(tail.compare(0, Int32Array.from(words))).toBe(null);
  expect(tail.compare(0, Int32Array.from(words.with(18, 8)))).toEqual({ firstSeq: 1, isNew: true });
});

test('what is appended is told as well', () => {
  const recorder = new Recorder({ clock: still });
  const flusher = new RingFlusher(recorder.buffer, new Kept(), { clock: still });
  const told: number[][] = [];
  const look = (firstSeq: number, words: Int32Array): void => {
    told.push([firstSeq, words.length / 8]);
  };
  recorder.event(Kind.READ, 1, 0, 0, 0, 0);
  recorder.loop(0, 1, 69, 68);
  flusher.flush(look);
  flusher.flush(look);
  recorder.loop(0, 1, 69, 68);
  recorder.event(Kind.READ, 1, 0, 0, 0, 0);
  flusher.flush(look);
  expect(told).toEqual([
    [0, 2],
    [1, 2],
  ]);
});

test('another thread that copies, polls and wraps all the while is followed without a wrong record', async () => {
  // Each record has its own number in it, so that one in the wrong place would show.
  const source = `
    const { parentPort } = require('node:worker_threads');
    import(${JSON.stringify(new URL('../../../src/trace/recorder.ts', import.meta.url).href)}).then(({ Recorder }) => {
      const recorder = new Recorder({ keptRecords: 64, ringRecords: 8192 });
      parentPort.postMessage(recorder.buffer);
      for (let i = 0; ; i = (i + 1) | 0) {
        recorder.event(2, 1, i, 0, i, i);
        if (i % 16 === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0.01);
      }
    });`;
  const worker = new Worker(source, { eval: true });
  const buffer = await new Promise<SharedArrayBuffer>((resolve) => worker.once('message', resolve));
  const kept = new Kept();
  const flusher = new RingFlusher(buffer, kept);
  try {
    for (let turns = 0; turns < 5000 && kept.records < 50_000; turns += 1) {
      flusher.flush();
      await new Promise<void>((resolve) => {
        systemClock.after(1, resolve);
        setImmediate(resolve);
      });
    }
  } finally {
    await worker.terminate();
  }
  flusher.finish();
  const items = (await kept.read()).filter(({ kind }) => kind === 'records');
  expect(items.length).toBeGreaterThan(0);
  for (const item of items) {
    if (item.kind !== 'records') continue;
    const wrong = Array.from({ length: item.words.length / 8 }, (_, index) => item.firstSeq + index).filter(
      (seq, index) => item.words[index * 8 + 2] !== seq || item.words[index * 8 + 5] !== seq,
    );
    expect(wrong).toEqual([]);
  }
});
