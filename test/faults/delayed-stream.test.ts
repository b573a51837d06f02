import { expect, test } from 'vitest';
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
