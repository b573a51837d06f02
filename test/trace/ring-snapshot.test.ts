import { afterEach, describe, expect, test, vi } from 'vitest';
import { PENDING } from '../../src/poll/pending.ts';
import { Kind } from '../../src/trace/event-kind.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import { snapshotRing } from '../../src/trace/ring-snapshot.ts';

const clock = { nowMs: () => 0, after: () => () => undefined };

afterEach(() => {
  vi.restoreAllMocks();
});

/** Does something when a snapshot has copied the ring once, and looks whether it was left alone: its second atomic load. */
function afterTheFirstCopy(action: () => void): void {
  const load = Atomics.load.bind(Atomics) as (words: Int32Array, index: number) => number;
  let loads = 0;
  vi.spyOn(Atomics, 'load').mockImplementation(((words: Int32Array, index: number) => {
    loads += 1;
    if (loads === 2) action();
    return load(words, index);
  }) as typeof Atomics.load);
}

/** The numbers and the places of all records, and of which kind each is. */
function records(buffer: SharedArrayBuffer): { seqs: number[]; kinds: number[]; pos: number[] } {
  const segments = snapshotRing(buffer, 0);
  const words = segments.flatMap((one) => [...one.words]);
  return {
    seqs: segments.flatMap((one) => Array.from({ length: one.words.length / 8 }, (_, index) => one.firstSeq + index)),
    kinds: words.filter((_, index) => index % 8 === 0),
    pos: words.filter((_, index) => index % 8 === 2),
  };
}

describe('while a ring is copied', () => {
  test('records that are overwritten are left out', () => {
    const recorder = new Recorder({ keptRecords: 4, ringRecords: 256, clock });
    const record = (from: number, to: number): void => {
      for (let pos = from; pos < to; pos += 1) recorder.event(Kind.READ, 1, pos, 0, 0, 0);
    };
    record(0, 500);
    afterTheFirstCopy(() => {
      record(500, 600);
    });
    const { seqs, pos } = records(recorder.buffer);
    expect(seqs).toEqual([0, 1, 2, 3, ...Array.from({ length: 500 - 344 }, (_, index) => 344 + index)]);
    expect(pos).toEqual(seqs);
  });

  test('polls that are taken back make it copy anew', () => {
    const recorder = new Recorder({ clock });
    const poll = (): void => {
      recorder.poll(1);
      recorder.event(Kind.READ, 1, 0, 0, PENDING, 8192);
    };
    for (let i = 0; i < 3; i += 1) poll();
    afterTheFirstCopy(() => {
      poll();
      for (let pos = 1; pos < 4; pos += 1) recorder.event(Kind.WRITE, 1, pos, 68, 1, 1);
    });
    const { seqs, kinds, pos } = records(recorder.buffer);
    vi.restoreAllMocks();
    expect({ seqs, kinds, pos }).toEqual(records(recorder.buffer));
    expect(kinds.slice(-3)).toEqual([Kind.WRITE, Kind.WRITE, Kind.WRITE]);
  });
});
