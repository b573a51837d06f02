import { describe, expect, test } from 'vitest';
import { PENDING } from '../../src/poll/pending.ts';
import { encodeEvent } from '../../src/trace/encode-event.ts';
import { Kind } from '../../src/trace/event-kind.ts';
import { readRing } from '../../src/trace/read-ring.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import { Header, recordOffset, Word } from '../../src/trace/ring-layout.ts';

/**
 * Nothing overflows in a day of spinning, in months of running or past 4 GiB. The recorder keeps its counts in the
 * shared memory, so a test sets them close to an edge there, as if it had come that far, and reads on.
 */

const DAY_MS = 86_400_000;

function clockAt(nowMs: () => number): { nowMs: () => number; after: () => () => void } {
  return { nowMs, after: () => () => undefined };
}
const still = clockAt(() => 0);

describe('time', () => {
  test.each([24, 25, 49])('a tick after %i days is still a positive number', (days) => {
    let nowMs = 0;
    const recorder = new Recorder({ clock: clockAt(() => nowMs) });
    nowMs = days * DAY_MS;
    recorder.poll(1);
    recorder.loop(0, 1, 69, 68);
    recorder.loop(0, 1, 69, 68);
    expect(readRing(recorder.buffer)).toMatchObject([
      { kind: 'poll', tickMs: days * DAY_MS, timeMs: days * DAY_MS },
      { kind: 'loop', tickMs: days * DAY_MS, lastTickMs: days * DAY_MS, repeat: 1 },
    ]);
  });

  test('a poll knows the microsecond after seventy years', () => {
    let nowMs = 0;
    const recorder = new Recorder({ clock: clockAt(() => nowMs) });
    nowMs = 70 * 365.25 * DAY_MS + 0.001;
    recorder.poll(1);
    expect(readRing(recorder.buffer)[0]?.timeMs).toBe(2_209_032_000_000.001);
  });
});

describe('the number of a poll', () => {
  test('goes on past 2^31 and 2^32', () => {
    const recorder = new Recorder({ clock: still });
    const words = new Int32Array(recorder.buffer);
    const pollWithByte = (): void => {
      recorder.poll(1);
      recorder.event(Kind.WRITE, 1, 0, 1, 1, 1);
    };
    words[Header.POLLS_LOW] = 0x7ffffffe;
    pollWithByte();
    pollWithByte();
    words[Header.POLLS_LOW] = -2;
    pollWithByte();
    pollWithByte();
    pollWithByte();
    const events = readRing(recorder.buffer).filter(({ kind }) => kind === 'poll');
    expect(events.map(({ n }) => n)).toEqual([2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1]);
  });

  test('comes back from an event to the same record', () => {
    const recorder = new Recorder({ clock: still });
    const words = new Int32Array(recorder.buffer);
    words[Header.POLLS_LOW] = -1;
    words[Header.POLLS_HIGH] = 5;
    recorder.poll(1);
    const [event] = readRing(recorder.buffer);
    expect(event?.n).toBe(6 * 2 ** 32);
    const start = recordOffset(0, 4096, 28672);
    expect(event && encodeEvent(event)).toEqual(words.slice(start, start + 8));
  });
});

describe('counts of repeats', () => {
  /** 2 ns are less than any iteration of the engine takes; see docs/benchmarks.md. */
  test('a day of spinning leaves what led to it in the ring', () => {
    const recorder = new Recorder({ clock: still });
    const words = new Int32Array(recorder.buffer);
    // More than the kept part holds, so that only the ring can still have the last of them.
    for (let pos = 0; pos < 5000; pos += 1) recorder.event(Kind.READ, 1, pos, 0, 1, 1);
    recorder.event(Kind.WRITE, 1, 0, 68, 69, 68);
    const records = Math.ceil((DAY_MS * 1e6) / 2 / 2 ** 31);
    for (let i = 0; i < records; i += 1) {
      recorder.loop(0, 1, 69, 68);
      words[recordOffset(5001 + i, 4096, 28672) + Word.REPEAT] = 0x7fffffff;
    }
    const events = readRing(recorder.buffer);
    expect(records).toBe(20_117);
    expect(events.slice(5000, 5002)).toMatchObject([
      { kind: 'write', n: 69, offered: 68 },
      { kind: 'loop', pos: 69, cap: 68, repeat: 0x7fffffff },
    ]);
    expect(events.reduce((sum, { repeat = 0 }) => sum + repeat + 1, 0)).toBeGreaterThan((DAY_MS * 1e6) / 2);
  });

  test('polls that have been repeated 2^31 times begin a new record, and none is lost', () => {
    const recorder = new Recorder({ clock: still });
    const words = new Int32Array(recorder.buffer);
    const idlePoll = (): void => {
      recorder.poll(1);
      recorder.event(Kind.READ, 1, 0, 0, PENDING, 8192);
    };
    idlePoll();
    idlePoll();
    // The second poll is taken back by the third, and so on: the first record counts them.
    idlePoll();
    words[recordOffset(0, 4096, 28672) + Word.REPEAT] = 0x7ffffffd;
    for (let i = 0; i < 5; i += 1) idlePoll();
    const polls = readRing(recorder.buffer).filter(({ kind }) => kind === 'poll');
    expect(polls[0]).toMatchObject({ repeat: 0x7fffffff });
    expect(polls.reduce((sum, { repeat = 0 }) => sum + 1 + repeat, 0)).toBe(0x7ffffffe + 1 + 5);
  });

  test('two counts whose sum would be too much are not put together', () => {
    const recorder = new Recorder({ clock: still });
    const words = new Int32Array(recorder.buffer);
    const round = (): void => {
      for (let i = 0; i < 3; i += 1) {
        recorder.poll(1);
        recorder.event(Kind.READ, 1, 0, 0, PENDING, 8192);
      }
      recorder.poll(2);
    };
    round();
    words[recordOffset(0, 4096, 28672) + Word.REPEAT] = 0x7ffffff0;
    round();
    const second = readRing(recorder.buffer).findLast(({ kind, connection }) => kind === 'poll' && connection === 1);
    words[recordOffset(second?.seq ?? 0, 4096, 28672) + Word.REPEAT] = 0x70;
    recorder.poll(3);
    const repeats = readRing(recorder.buffer).map(({ repeat = 0 }) => repeat);
    expect(repeats).toContain(0x7ffffff0);
    expect(repeats).toContain(0x70);
  });
});

describe('the number of records', () => {
  /** A recorder that has written so many records, give or take nothing: a multiple of its ring before 2^32. */
  function longRecorder(): Recorder {
    const recorder = new Recorder({ keptRecords: 256, ringRecords: 256, clock: still });
    for (let i = 0; i < 256; i += 1) recorder.event(Kind.READ, 1, i, 0, 0, 0);
    const words = new Int32Array(recorder.buffer);
    words[Header.HEAD_LOW] = -256;
    words[Header.WRITTEN_LOW] = -256;
    return recorder;
  }

  test('goes on past 2^32', () => {
    const recorder = longRecorder();
    for (let i = 0; i < 300; i += 1) recorder.event(Kind.READ, 1, i, 0, 0, 0);
    const events = readRing(recorder.buffer);
    expect(events[256]).toMatchObject({ kind: 'gap', n: 2 ** 32 - 256 + 44 - 256 });
    expect(events.slice(257).map(({ seq, pos }) => [seq, pos])).toEqual(
      Array.from({ length: 256 }, (_, i) => [2 ** 32 - 212 + i, 44 + i]),
    );
  });

  test('goes back over 2^32 when polls are collapsed there, and on again', () => {
    const recorder = longRecorder();
    for (let i = 0; i < 253; i += 1) recorder.event(Kind.READ, 1, i, 0, 0, 0);
    for (let i = 0; i < 3; i += 1) {
      recorder.poll(1);
      recorder.event(Kind.READ, 1, 0, 0, PENDING, 8192);
    }
    recorder.event(Kind.WRITE, 1, 0, 68, 68, 68);
    const events = readRing(recorder.buffer);
    expect(events.slice(-5).map(({ seq, kind, repeat = 0 }) => [seq - 2 ** 32, kind, repeat])).toEqual([
      [-3, 'poll', 1],
      [-2, 'read', 0],
      [-1, 'poll', 0],
      [0, 'read', 0],
      [1, 'write', 0],
    ]);
    for (let i = 0; i < 10; i += 1) recorder.event(Kind.READ, 1, 1000 + i, 0, 0, 0);
    expect(readRing(recorder.buffer).at(-1)).toMatchObject({ seq: 2 ** 32 + 11, pos: 1009 });
  });
});

test('amounts and places past 4 GiB are told to the byte', () => {
  const recorder = new Recorder({ clock: still });
  const big = 5 * 2 ** 30 + 1;
  recorder.event(Kind.STATE, 1, 0, 0, big, 0);
  recorder.event(Kind.WRITE, 1, big, 2 * big, big, big);
  recorder.loop(0, 1, big, 2 * big);
  recorder.loop(0, 1, big, 2 * big);
  recorder.event(Kind.STATE, 1, 0, 0, Number.MAX_SAFE_INTEGER, 0);
  const value = (n: number): unknown => ({ type: 'number', value: n });
  expect(readRing(recorder.buffer)).toMatchObject([
    { kind: 'state', n: value(5_368_709_121) },
    { kind: 'write', pos: value(big), cap: value(2 * big), n: value(big), offered: value(big) },
    { kind: 'loop', pos: value(big), cap: value(2 * big), repeat: 1 },
    { kind: 'state', n: value(9_007_199_254_740_991) },
  ]);
});
