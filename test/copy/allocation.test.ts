import { getHeapStatistics } from 'node:v8';
import { expect, test } from 'vitest';
import { BidirectionalCopy } from '../../src/copy/bidirectional-copy.ts';
import { CopyError } from '../../src/copy/copy-error.ts';
import { resolveDialect } from '../../src/copy/dialect.ts';
import type { PollStream } from '../../src/poll/poll-stream.ts';
import { Recorder } from '../../src/trace/recorder.ts';

/** Always something to read, always room to write: the loop goes round without a pause. */
const endless: PollStream = {
  pollRead: (_cx, _bytes, start, end) => end - start,
  pollWrite: (_cx, _bytes, start, end) => end - start,
  pollFlush: () => 0,
  pollShutdown: () => 0,
};

/** The adapter of the story, whose count sends pos past cap: the loop goes round without I/O. */
const offByOne: PollStream = { ...endless, pollWrite: (_cx, _bytes, start, end) => end - start + 1 };

/** Bytes of heap in use after so many iterations of one poll, less those before. */
function grown(dialect: string, iterationsPerPoll: number, b = endless): number {
  // `checked` would yield long before: its own limit is set aside.
  const options = {
    dialect: { ...resolveDialect(dialect), callsPerPoll: Infinity },
    recorder: new Recorder(),
    limits: { iterationsPerPoll },
  };
  const copy = new BidirectionalCopy(endless, b, () => undefined, options);
  const before = getHeapStatistics().used_heap_size;
  try {
    copy.poll();
  } catch (error) {
    if (!(error instanceof CopyError) || error.code !== 'ITERATION_LIMIT') throw error;
  }
  return getHeapStatistics().used_heap_size - before;
}

/**
 * 4,000 iterations that allocated one object of 16 bytes each would show as 64,000; much more than that brings on a
 * garbage collection, which shows as a large loss. The compiler at work may spoil a measurement, but not most of nine.
 */
test.each(['tokio-1.12.0', 'tokio-1.35.0', 'tokio-1.53.1', 'checked'])(
  '%s allocates nothing per iteration, while recording',
  (dialect) => {
    grown(dialect, 50_000);
    expect(median(() => grown(dialect, 4000))).toBeLessThan(32_000);
  },
);

test('a stuck loop allocates nothing per iteration, while recording', () => {
  grown('tokio-1.12.0', 50_000, offByOne);
  expect(median(() => grown('tokio-1.12.0', 4000, offByOne))).toBeLessThan(32_000);
});

/** Nothing to read on either side: each copy goes through all of its states. */
test('a copy that is used again allocates nothing per copy, while recording', () => {
  const empty: PollStream = { ...endless, pollRead: () => 0 };
  const copy = new BidirectionalCopy(empty, empty, () => undefined, { recorder: new Recorder() });
  const copies = (count: number): number => {
    const before = getHeapStatistics().used_heap_size;
    for (let i = 0; i < count; i += 1) {
      copy.reset(false);
      copy.poll();
    }
    return getHeapStatistics().used_heap_size - before;
  };
  copies(50_000);
  expect(median(() => copies(4000))).toBeLessThan(32_000);
});

function median(measure: () => number): number {
  const measured = Array.from({ length: 9 }, () => Math.abs(measure())).toSorted((x, y) => x - y);
  return measured[4] ?? Number.NaN;
}
