import { describe, expect, test } from 'vitest';
import { applyTransportFaults } from '../../harness/faults/transport/apply-transport-faults.ts';
import { PENDING } from '../../src/poll/pending.ts';
import type { Context } from '../../src/poll/context.ts';
import type { PollStream } from '../../src/poll/poll-stream.ts';
import { manualClock } from './support/manual-clock.ts';

const LINK = { reset: () => undefined, end: () => undefined, close: () => undefined, whenOver: () => undefined };

test('a stream that slices by the byte holds so many pieces, then asks its writer to wait, and loses none', () => {
  const clock = manualClock();
  const got: number[] = [];
  let wakes = 0;
  const waker = { wake: () => void (wakes += 1) };
  const cx: Context = { direction: 'a -> b', half: 'write', budget: null, register: () => waker };
  const inner: PollStream = {
    pollRead: () => PENDING,
    pollWrite(_cx, bytes, start, end) {
      got.push(...bytes.subarray(start, end));
      return end - start;
    },
    pollFlush: () => 0,
    pollShutdown: () => 0,
  };
  const plan = { faults: [{ fault: 'slice', bytes: 1, gapMs: 1 }] };
  const stream = applyTransportFaults(inner, LINK, {
    side: 'b',
    plan,
    context: { connection: 1, recorder: null, clock },
  });
  const bytes = Uint8Array.from({ length: 20_000 }, (_, index) => index);

  // The first of them is due at once, but all are queued before any goes on.
  expect(stream.pollWrite(cx, bytes, 0, 20_000, false)).toBe(16_384);
  expect(got).toEqual([0]);
  expect(stream.pollWrite(cx, bytes, 16_384, 20_000, false)).toBe(1);
  expect(stream.pollWrite(cx, bytes, 16_385, 20_000, false)).toBe(PENDING);
  expect(wakes).toBe(0);
  clock.advance(1);
  expect(wakes).toBe(1);
  clock.advance(20_000);
  expect(stream.pollWrite(cx, bytes, 16_385, 20_000, false)).toBe(3615);
  clock.advance(20_000);
  expect(Uint8Array.from(got)).toEqual(bytes);
});

describe('jitter', () => {
  /** When each of four bytes arrives after it was written, a second apart. */
  function delays(seed: number, jitterMs: number): number[] {
    const clock = manualClock();
    const arrivedMs: number[] = [];
    const cx: Context = {
      direction: 'a -> b',
      half: 'write',
      budget: null,
      register: () => ({ wake: () => undefined }),
    };
    const inner: PollStream = {
      pollRead: () => PENDING,
      pollWrite: (_cx, _bytes, start, end) => {
        arrivedMs.push(clock.nowMs() % 1000);
        return end - start;
      },
      pollFlush: () => 0,
      pollShutdown: () => 0,
    };
    const plan = { seed, faults: [{ fault: 'latency', ms: 100, jitterMs }] };
    const context = { connection: 1, recorder: null, clock };
    const stream = applyTransportFaults(inner, LINK, { side: 'b', plan, context });
    for (let index = 0; index < 4; index += 1) {
      stream.pollWrite(cx, new Uint8Array(1), 0, 1, false);
      clock.advance(1000);
    }
    return arrivedMs.map((ms) => Math.floor(ms));
  }

  test('is drawn anew for each write, from the seed', () => {
    expect(delays(1, 0)).toEqual([100, 100, 100, 100]);
    expect(delays(1, 400)).toEqual([230, 299, 466, 177]);
    expect(delays(2, 400)).toEqual([429, 384, 331, 427]);
  });
});
