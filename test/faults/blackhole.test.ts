import { expect, test } from 'vitest';
import { applyTransportFaults } from '../../harness/faults/transport/apply-transport-faults.ts';
import { PENDING } from '../../src/poll/pending.ts';
import type { PollStream } from '../../src/poll/poll-stream.ts';
import { manualClock } from './support/manual-clock.ts';

test('the end of what is thrown away is thrown away, too: who reads waits for ever', () => {
  const link = { reset: () => undefined, end: () => undefined, close: () => undefined, whenOver: () => undefined };
  const counts = [3, 5, 0];
  let reads = 0;
  let wakes = 0;
  const inner: PollStream = {
    pollRead: () => counts[reads++] ?? 0,
    pollWrite: () => PENDING,
    pollFlush: () => 0,
    pollShutdown: () => 0,
  };
  const plan = { faults: [{ fault: 'blackhole', half: 'read' as const }] };
  const context = { connection: 1, recorder: null, clock: manualClock() };
  const stream = applyTransportFaults(inner, link, { side: 'b', plan, context });
  const waker = { wake: () => void (wakes += 1) };
  const cx = { direction: 'b -> a', half: 'read', budget: null, register: () => waker } as const;

  expect(stream.pollRead(cx, new Uint8Array(8), 0, 8)).toBe(PENDING);
  expect(reads).toBe(3);
  expect(stream.pollRead(cx, new Uint8Array(8), 0, 8)).toBe(PENDING);
  expect(wakes).toBe(0);
});
