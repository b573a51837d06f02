import { expect, test } from 'vitest';
import { BidirectionalCopy } from '../../src/copy/bidirectional-copy.ts';
import type { Context } from '../../src/poll/context.ts';
import { PENDING } from '../../src/poll/pending.ts';
import type { PollStream } from '../../src/poll/poll-stream.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import { CopyProgress } from '../../src/watch/copy-progress.ts';
import { CopyWatch } from '../../src/watch/copy-watch.ts';
import { RingTail } from '../../src/watch/ring-tail.ts';

/** A stream whose reads are scripted; it takes all that is written. */
function stream(read: (context: Context) => number): PollStream {
  return {
    pollRead: (context) => read(context),
    pollWrite: (_context, _bytes, start, end) => end - start,
    pollFlush: () => 0,
    pollShutdown: () => 0,
  };
}

const waits = (context: Context): number => {
  context.register();
  return PENDING;
};
const forgets = (): number => PENDING;

/** A copy that a test polls by hand, and the watch over it, on a clock that the test moves. */
function watch(
  a: PollStream,
  b: PollStream,
): {
  copy: BidirectionalCopy;
  progress: CopyProgress;
  copies: CopyWatch;
  /** Lets so many milliseconds pass, and looks. */
  after: (ms: number) => string[];
  describe: () => string[];
} {
  const recorder = new Recorder();
  const progress = new CopyProgress();
  const tail = new RingTail(recorder.buffer, progress);
  const copies = new CopyWatch(progress, 250);
  const copy = new BidirectionalCopy(a, b, () => undefined, { recorder });
  return {
    copy,
    progress,
    copies,
    after(ms) {
      tail.read();
      progress.nowMs += ms;
      return copies
        .look(progress.nowMs)
        .map(({ outcome, direction, half }) =>
          [outcome, direction, half].filter((word) => word !== undefined).join(' '),
        );
    },
    describe: () => [...progress.connections.values()].flatMap((one) => one.waits(progress.nowMs)),
  };
}

test('a half that forgot its waker is parked once nothing has polled for the limit', () => {
  const { copy, after, describe } = watch(stream(forgets), stream(waits));
  copy.poll();
  expect(after(249)).toEqual([]);
  expect(after(1)).toEqual(['parked a -> b read']);
  expect(after(10_000)).toEqual([]);
  expect(describe()).toEqual([
    'a -> b waits for a to send, since 10 s, and nobody will wake it',
    'b -> a waits for b to send, since 10 s',
  ]);
});

test('a copy that waits with a waker in every half is no hang, however long it lasts', () => {
  const { copy, after, describe } = watch(stream(waits), stream(waits));
  copy.poll();
  expect(after(100_000)).toEqual([]);
  expect(describe()).toEqual(['a -> b waits for a to send, since 100 s', 'b -> a waits for b to send, since 100 s']);
});

test('a half that nobody would wake is polled on behalf of another, and so not parked', () => {
  const { copy, after } = watch(stream(forgets), stream(waits));
  for (let i = 0; i < 20; i += 1) {
    copy.poll();
    expect(after(100)).toEqual([]);
  }
});

test('polls that move no byte are livelocked, though they collapse into one record', () => {
  const { copy, after } = watch(stream(waits), stream(waits));
  const told: string[][] = [];
  for (let i = 0; i < 30; i += 1) {
    copy.poll();
    told.push(after(10));
  }
  expect(told.slice(0, 24).flat()).toEqual([]);
  expect(told.flat()).toEqual(['livelocked a -> b']);
});

test('polls now and then are no livelock', () => {
  const { copy, after } = watch(stream(waits), stream(waits));
  for (let i = 0; i < 100; i += 1) {
    copy.poll();
    expect(after(80)).toEqual([]);
  }
});

test('a copy whose bytes move again has recovered', () => {
  const bytes = { ready: 0 };
  const gate = (): number => {
    if (bytes.ready === 0) return PENDING;
    bytes.ready -= 1;
    return 1;
  };
  const { copy, after } = watch(stream(gate), stream(waits));
  copy.poll();
  expect(after(250)).toEqual(['parked a -> b read']);
  bytes.ready = 1;
  expect(after(10)).toEqual([]);
  copy.poll();
  expect(after(10)).toEqual(['recovered']);
});

test('a copy that has ended waits for nothing', () => {
  const { copy, after, progress } = watch(
    stream(() => 0),
    stream(() => 0),
  );
  expect(copy.poll()).toBe(true);
  expect(after(1000)).toEqual([]);
  expect(progress.connections.size).toBe(0);
});

test('a copy that failed is forgotten', () => {
  const fails = (): number => {
    throw new Error('gone');
  };
  const { copy, after, progress } = watch(stream(forgets), stream(fails));
  expect(() => copy.poll()).toThrow('gone');
  expect(after(1000)).toEqual([]);
  expect(progress.connections.size).toBe(0);
});
