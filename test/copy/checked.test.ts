import { getEventListeners } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { runCopy } from '../../harness/sim/run-copy.ts';
import { ScriptedStream, type Call } from '../../harness/sim/scripted-stream.ts';
import { BidirectionalCopy } from '../../src/copy/bidirectional-copy.ts';
import { copyBidirectional } from '../../src/copy/copy-bidirectional.ts';
import { resolveDialect } from '../../src/copy/dialect.ts';
import { InvariantError } from '../../src/errors.ts';
import type { Clock } from '../../src/poll/clock.ts';
import type { Context } from '../../src/poll/context.ts';
import { PENDING } from '../../src/poll/pending.ts';
import type { PollStream } from '../../src/poll/poll-stream.ts';

const checked = resolveDialect('checked');

/** A stream of which a test overrides what it is about: it never has anything to read, and takes everything. */
function stream(overrides: Partial<PollStream> = {}): PollStream {
  return {
    pollRead: wait,
    pollWrite: (_cx, _bytes, start, end) => end - start,
    pollFlush: () => 0,
    pollShutdown: () => 0,
    ...overrides,
  };
}

function wait(cx: Context): number {
  cx.register();
  return PENDING;
}

/** A reader that always has `n` bytes more. */
const endless = (_cx: Context, _bytes: Uint8Array, start: number, end: number): number => end - start;

test('the error names direction, offered and reported, and says that nothing was lost before it', () => {
  const calls: Call[] = [];
  const a = new ScriptedStream('a', { read: [100, 68, 'x'] }, calls);
  const b = new ScriptedStream('b', { read: ['x'], write: [100, { d: 1 }] }, calls);
  const run = runCopy(a, b, { dialect: checked });
  expect(run.counts).toEqual({ aToB: 100, bToA: 0 });
  expect(run.outcome).toMatchObject({
    kind: 'failed',
    error: {
      code: 'WRITE_COUNT_INVALID',
      message:
        'Wrong count from the writer in a -> b: expected an integer in 1..68, got 69; nothing was lost before it, by the counts: 100 bytes reported as written',
      details: { direction: 'a -> b', operation: 'write', offered: 68, reported: 69 },
      counts: { aToB: 100, bToA: 0 },
    },
  });
});

test('a reader that claims more than there was room for is refused', () => {
  const a = stream({ pollRead: (_cx, _bytes, start, end) => end - start + 1 });
  const run = runCopy(a, stream(), { dialect: checked, bufferBytes: 16 });
  expect(run.outcome).toMatchObject({ error: { code: 'READ_COUNT_INVALID', details: { offered: 16, reported: 17 } } });
});

test('what was written is flushed when the reader idles, once', () => {
  const calls: Call[] = [];
  const a = new ScriptedStream('a', { read: [68, 'p', 'p', 'x'] }, calls);
  runCopy(a, new ScriptedStream('b', { read: ['x', 'x', 'x', 'x'] }, calls), { dialect: checked });
  expect(calls.filter((call) => call[1] === 'flush')).toEqual([['b', 'flush', 'ok']]);
});

test('after Pending the same bytes are offered again, though more could be read', () => {
  const calls: Call[] = [];
  const a = new ScriptedStream('a', { read: [68, 5, 0] }, calls);
  runCopy(a, new ScriptedStream('b', { read: [0], write: ['p', 'p', 10] }, calls), { dialect: checked });
  const writes = calls.filter((call) => call[1] === 'write').map((call) => call[2]);
  expect(writes).toEqual([68, 68, 68, 58, 5]);
});

test('a writer that takes more only after a flush is flushed', () => {
  let dirty = 0;
  const b = stream({
    pollRead: () => 0,
    pollWrite: (cx, _bytes, start, end) => {
      if (dirty >= 20) return wait(cx);
      dirty += Math.min(20, end - start);
      return Math.min(20, end - start);
    },
    pollFlush: () => {
      dirty = 0;
      return 0;
    },
  });
  const run = runCopy(new ScriptedStream('a', { read: [68, 0] }, []), b, { dialect: checked });
  expect(run).toMatchObject({ outcome: { kind: 'completed' }, counts: { aToB: 68 } });
});

test('the directions take turns in going first', () => {
  const calls: Call[] = [];
  const a = new ScriptedStream('a', { read: ['p', 'p', 'p', 'x'] }, calls);
  const b = new ScriptedStream('b', { read: ['x', 'x', 'x', 'x'] }, calls);
  runCopy(a, b, { dialect: checked });
  expect(calls.map(([side]) => side)).toEqual(['a', 'b', 'b', 'a', 'a', 'b', 'b', 'a']);
});

test('a chunk is handed on as it came, and given away', () => {
  const chunk = new Uint8Array(100);
  const given: unknown[] = [];
  const chunks = [chunk];
  const a = stream({
    pollChunk(cx, slot) {
      slot.bytes = chunks.pop() ?? chunk;
      slot.start = 10;
      slot.end = given.length === 0 ? 78 : 10;
      return given.length === 0 ? 68 : wait(cx);
    },
  });
  const b = stream({
    pollWrite(_cx, bytes, start, end, mine) {
      given.push([bytes === chunk, start, end, mine]);
      return Math.min(40, end - start);
    },
  });
  expect(runCopy(a, b, { dialect: checked }).counts.aToB).toBe(68);
  expect(given).toEqual([
    [true, 10, 78, true],
    [true, 50, 78, true],
  ]);
});

test('a chunk whose length is not what was said is refused', () => {
  const a = stream({
    pollChunk(_cx, slot) {
      slot.bytes = new Uint8Array(100);
      slot.start = 10;
      slot.end = 78;
      return 69;
    },
  });
  const run = runCopy(a, stream(), { dialect: checked });
  expect(run.outcome).toMatchObject({ error: { code: 'READ_COUNT_INVALID', details: { offered: 68, reported: 69 } } });
});

describe('on the event loop', () => {
  test('a copy that is over leaves neither a timer nor a listener behind', async () => {
    const abort = new AbortController();
    const live = new Set<() => void>();
    const clock: Clock = {
      nowMs: () => 0,
      after: (_, callback) => {
        live.add(callback);
        return () => live.delete(callback);
      },
    };
    let polls = 0;
    // The second half ends a turn later than the first, so that the timer has been started.
    const b = stream({
      pollRead: (cx) => {
        polls += 1;
        if (polls > 1) return 0;
        cx.register().wake();
        return PENDING;
      },
    });
    const options = { signal: abort.signal, halfCloseTimeoutMs: 1000, clock };
    const copy = copyBidirectional(stream({ pollRead: () => 0 }), b, options);
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(1);
    await copy;
    expect(polls).toBe(2);
    expect(live.size).toBe(0);
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(0);
  });

  test('neither direction starves the other, nor both the event loop', async () => {
    const moved = { 'a -> b': 0, 'b -> a': 0 };
    const abort = new AbortController();
    const counting = stream({
      pollRead: endless,
      pollWrite(cx, _bytes, start, end) {
        moved[cx.direction] += end - start;
        return end - start;
      },
    });
    const copy = copyBidirectional(counting, counting, { signal: abort.signal });
    for (let turn = 0; turn < 20; turn += 1) await nextTurn();
    abort.abort(new Error('enough'));
    await expect(copy).rejects.toMatchObject({ code: 'ABORTED', aToB: moved['a -> b'], bToA: moved['b -> a'] });
    expect(moved['a -> b']).toBe(moved['b -> a']);
    expect(moved['a -> b']).toBeGreaterThan((checked.bufferBytes * checked.callsPerPoll) / 2);
  });

  test('a signal aborts both streams, with the reason', async () => {
    const reasons: unknown[] = [];
    const abort = new AbortController();
    const side = stream({ abort: (reason) => reasons.push(reason) });
    const copy = copyBidirectional(side, side, { signal: abort.signal });
    const why = new Error('closing time');
    abort.abort(why);
    const error: unknown = await copy.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ABORTED', cause: why });
    expect(reasons).toEqual([error, error]);
  });

  test('a signal that has fired already lets nothing begin', async () => {
    let polls = 0;
    const side = stream({ pollRead: () => (polls += 1) });
    await expect(copyBidirectional(side, side, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'ABORTED',
    });
    expect(polls).toBe(0);
  });

  test('a stream that throws ends the copy and aborts both, with both counts', async () => {
    const aborted: string[] = [];
    const broken = new Error('broken pipe');
    const a = stream({ pollRead: (_cx, _bytes, start) => (start === 0 ? 68 : 0), abort: () => aborted.push('a') });
    let writes = 0;
    const b = stream({
      pollWrite() {
        writes += 1;
        if (writes === 3) throw broken;
        return 68;
      },
      abort: () => aborted.push('b'),
    });
    await expect(copyBidirectional(a, b)).rejects.toMatchObject({
      code: 'STREAM_FAILED',
      cause: broken,
      aToB: 136,
      bToA: 0,
    });
    expect(aborted).toEqual(['a', 'b']);
  });
});

describe('what a stream does at the wrong moment', () => {
  test('an abort that throws spares neither the one who waits nor the other stream', async () => {
    const aborted: string[] = [];
    const a = stream({
      pollRead: () => {
        throw new Error('broken');
      },
      abort: () => {
        aborted.push('a');
        throw new Error('cannot be aborted');
      },
    });
    const b = stream({ abort: () => aborted.push('b') });
    await expect(copyBidirectional(a, b)).rejects.toMatchObject({ code: 'STREAM_FAILED' });
    expect(aborted).toEqual(['a', 'b']);
  });

  test('a signal that fires within a poll ends the copy after that poll, once', async () => {
    const log: string[] = [];
    const abort = new AbortController();
    const a = stream({
      pollRead: () => {
        log.push('a.read');
        abort.abort();
        return 0;
      },
      abort: () => log.push('a.abort'),
    });
    const b = stream({ pollShutdown: () => (log.push('b.shutdown'), 0), abort: () => log.push('b.abort') });
    const timers: (() => void)[] = [];
    const clock: Clock = {
      nowMs: () => 0,
      after: (_, callback) => {
        timers.push(callback);
        return () => undefined;
      },
    };
    const options = { signal: abort.signal, halfCloseTimeoutMs: 1, clock };
    await expect(copyBidirectional(a, b, options)).rejects.toMatchObject({ code: 'ABORTED' });
    expect(log).toEqual(['a.read', 'b.shutdown', 'a.abort', 'b.abort']);
    expect(timers).toEqual([]);
  });

  test.each([undefined, null, {}, { pollRead: wait }])('%j is no stream', async (nothing) => {
    const copy = copyBidirectional(stream(), nothing as unknown as PollStream);
    await expect(copy).rejects.toMatchObject({ code: 'STREAM_INVALID' });
  });

  test('a thrown thing without a text is still a failed stream', async () => {
    const a = stream({
      pollRead: () => {
        throw Object.create(null) as Error;
      },
    });
    await expect(copyBidirectional(a, stream())).rejects.toMatchObject({ code: 'STREAM_FAILED', aToB: 0 });
  });

  test('a broken invariant is not taken for a failed stream', async () => {
    const a = stream({
      pollRead: () => {
        throw new InvariantError('ours');
      },
    });
    await expect(copyBidirectional(a, stream())).rejects.toBeInstanceOf(InvariantError);
  });

  test.each(['pollFlush', 'pollShutdown'] as const)('%s that returns a promise is refused', async (call) => {
    // Typed as a number, as a mistaken stream in JavaScript would be.
    const promise = Promise.resolve(0) as unknown as number;
    const copy = copyBidirectional(stream({ pollRead: () => 0 }), stream({ [call]: () => promise }));
    await expect(copy).rejects.toMatchObject({ code: 'RESULT_INVALID', details: { reported: promise } });
  });

  test('a writer that takes a byte at a time cannot keep a poll to itself', () => {
    let writes = 0;
    const b = stream({ pollWrite: () => (writes += 1) && 1 });
    const copy = new BidirectionalCopy(stream({ pollRead: endless }), b, () => undefined, { dialect: 'checked' });
    expect(copy.poll()).toBe(false);
    expect(writes).toBeLessThan(checked.callsPerPoll);
  });
});

describe('halfCloseTimeoutMs', () => {
  test.each([0, -1, 0.5, Number.NaN, Infinity, 2 ** 31])('%j is no time-out', async (halfCloseTimeoutMs) => {
    const copy = copyBidirectional(stream(), stream(), { halfCloseTimeoutMs });
    await expect(copy).rejects.toMatchObject({ code: 'TIMEOUT_INVALID' });
  });

  test('ends a copy whose one direction cannot be shut down, too', async () => {
    const clock = manualClock();
    const copy = copyBidirectional(stream({ pollRead: () => 0 }), stream({ pollShutdown: wait }), {
      halfCloseTimeoutMs: 500,
      clock,
    });
    await nextTurn();
    clock.fire();
    await expect(copy).rejects.toMatchObject({ code: 'HALF_CLOSE_TIMEOUT' });
  });

  /** A clock that a test moves. */
  function manualClock(): Clock & { fire: () => void; delays: number[] } {
    const timers: (() => void)[] = [];
    const delays: number[] = [];
    return {
      delays,
      nowMs: () => 0,
      after(delayMs, callback) {
        delays.push(delayMs);
        timers.push(callback);
        return () => timers.splice(timers.indexOf(callback), 1);
      },
      fire: () => timers.shift()?.(),
    };
  }

  test('ends a copy of which one direction is done and the other silent', async () => {
    const clock = manualClock();
    const copy = copyBidirectional(stream({ pollRead: () => 0 }), stream(), { halfCloseTimeoutMs: 500, clock });
    await nextTurn();
    expect(clock.delays).toEqual([500]);
    clock.fire();
    await expect(copy).rejects.toMatchObject({ code: 'HALF_CLOSE_TIMEOUT', details: { direction: 'b -> a' } });
  });

  test('begins anew when the other direction has moved bytes meanwhile', async () => {
    const clock = manualClock();
    let wake = (): void => undefined;
    const reads = [302];
    const b = stream({
      pollRead(cx) {
        const waker = cx.register();
        wake = () => {
          waker.wake();
        };
        return reads.pop() ?? PENDING;
      },
    });
    reads.length = 0;
    const copy = copyBidirectional(stream({ pollRead: () => 0 }), b, { halfCloseTimeoutMs: 500, clock });
    await nextTurn();
    reads.push(302);
    wake();
    await nextTurn();
    clock.fire();
    clock.fire();
    await expect(copy).rejects.toMatchObject({ code: 'HALF_CLOSE_TIMEOUT', bToA: 302 });
    expect(clock.delays).toEqual([500, 500]);
  });
});
