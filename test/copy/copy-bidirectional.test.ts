import { getEventListeners } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { BidirectionalCopy } from '../../src/copy/bidirectional-copy.ts';
import { copyBidirectional } from '../../src/copy/copy-bidirectional.ts';
import { resolveDialect } from '../../src/copy/dialect.ts';
import { InvariantError } from '../../src/errors.ts';
import type { Clock } from '../../src/poll/clock.ts';
import { PENDING } from '../../src/poll/pending.ts';
import type { PollStream } from '../../src/poll/poll-stream.ts';
import { endless, plainStream, waiting } from './plain-stream.ts';

const checked = resolveDialect('checked');

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
    const b = plainStream({
      pollRead: (cx) => {
        polls += 1;
        if (polls > 1) return 0;
        cx.register().wake();
        return PENDING;
      },
    });
    const options = { signal: abort.signal, halfCloseTimeoutMs: 1000, clock };
    const copy = copyBidirectional(plainStream({ pollRead: () => 0 }), b, options);
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(1);
    await copy;
    expect(polls).toBe(2);
    expect(live.size).toBe(0);
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(0);
  });

  test('neither direction starves the other, nor both the event loop', async () => {
    const moved = { 'a -> b': 0, 'b -> a': 0 };
    const abort = new AbortController();
    const counting = plainStream({
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
    const side = plainStream({ abort: (reason) => reasons.push(reason) });
    const copy = copyBidirectional(side, side, { signal: abort.signal });
    const why = new Error('closing time');
    abort.abort(why);
    const error: unknown = await copy.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ABORTED', cause: why });
    expect(reasons).toEqual([error, error]);
  });

  test('a signal that has fired already lets nothing begin', async () => {
    let polls = 0;
    const side = plainStream({ pollRead: () => (polls += 1) });
    await expect(copyBidirectional(side, side, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'ABORTED',
    });
    expect(polls).toBe(0);
  });

  test('a stream that throws ends the copy and aborts both, with both counts', async () => {
    const aborted: string[] = [];
    const broken = new Error('broken pipe');
    const a = plainStream({ pollRead: (_cx, _bytes, start) => (start === 0 ? 68 : 0), abort: () => aborted.push('a') });
    let writes = 0;
    const b = plainStream({
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
    const a = plainStream({
      pollRead: () => {
        throw new Error('broken');
      },
      abort: () => {
        aborted.push('a');
        throw new Error('cannot be aborted');
      },
    });
    const b = plainStream({ abort: () => aborted.push('b') });
    await expect(copyBidirectional(a, b)).rejects.toMatchObject({ code: 'STREAM_FAILED' });
    expect(aborted).toEqual(['a', 'b']);
  });

  test('a signal that fires within a poll ends the copy after that poll, once', async () => {
    const log: string[] = [];
    const abort = new AbortController();
    const a = plainStream({
      pollRead: () => {
        log.push('a.read');
        abort.abort();
        return 0;
      },
      abort: () => log.push('a.abort'),
    });
    const b = plainStream({ pollShutdown: () => (log.push('b.shutdown'), 0), abort: () => log.push('b.abort') });
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

  test.each([undefined, null, {}, { pollRead: waiting }])('%j is no stream', async (nothing) => {
    const copy = copyBidirectional(plainStream(), nothing as unknown as PollStream);
    await expect(copy).rejects.toMatchObject({ code: 'STREAM_INVALID' });
  });

  test('a thrown thing without a text is still a failed stream', async () => {
    const a = plainStream({
      pollRead: () => {
        throw Object.create(null) as Error;
      },
    });
    await expect(copyBidirectional(a, plainStream())).rejects.toMatchObject({ code: 'STREAM_FAILED', aToB: 0 });
  });

  test('a broken invariant is not taken for a failed stream', async () => {
    const a = plainStream({
      pollRead: () => {
        throw new InvariantError('ours');
      },
    });
    await expect(copyBidirectional(a, plainStream())).rejects.toBeInstanceOf(InvariantError);
  });

  test.each(['pollFlush', 'pollShutdown'] as const)('%s that returns a promise is refused', async (call) => {
    // Typed as a number, as a mistaken stream in JavaScript would be.
    const promise = Promise.resolve(0) as unknown as number;
    const copy = copyBidirectional(plainStream({ pollRead: () => 0 }), plainStream({ [call]: () => promise }));
    await expect(copy).rejects.toMatchObject({ code: 'RESULT_INVALID', details: { reported: promise } });
  });

  test('a writer that takes a byte at a time cannot keep a poll to itself', () => {
    let writes = 0;
    const b = plainStream({ pollWrite: () => (writes += 1) && 1 });
    const copy = new BidirectionalCopy(plainStream({ pollRead: endless }), b, () => undefined, { dialect: 'checked' });
    expect(copy.poll()).toBe(false);
    expect(writes).toBeLessThan(checked.callsPerPoll);
  });
});

describe('halfCloseTimeoutMs', () => {
  test.each([0, -1, 0.5, Number.NaN, Infinity, 2 ** 31])('%j is no time-out', async (halfCloseTimeoutMs) => {
    const copy = copyBidirectional(plainStream(), plainStream(), { halfCloseTimeoutMs });
    await expect(copy).rejects.toMatchObject({ code: 'TIMEOUT_INVALID' });
  });

  test('ends a copy whose one direction cannot be shut down, too', async () => {
    const clock = manualClock();
    const copy = copyBidirectional(plainStream({ pollRead: () => 0 }), plainStream({ pollShutdown: waiting }), {
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
    const copy = copyBidirectional(plainStream({ pollRead: () => 0 }), plainStream(), {
      halfCloseTimeoutMs: 500,
      clock,
    });
    await nextTurn();
    expect(clock.delays).toEqual([500]);
    clock.fire();
    await expect(copy).rejects.toMatchObject({ code: 'HALF_CLOSE_TIMEOUT', details: { direction: 'b -> a' } });
  });

  test('begins anew when the other direction has moved bytes meanwhile', async () => {
    const clock = manualClock();
    let wake = (): void => undefined;
    const reads = [302];
    const b = plainStream({
      pollRead(cx) {
        const waker = cx.register();
        wake = () => {
          waker.wake();
        };
        return reads.pop() ?? PENDING;
      },
    });
    reads.length = 0;
    const copy = copyBidirectional(plainStream({ pollRead: () => 0 }), b, { halfCloseTimeoutMs: 500, clock });
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
