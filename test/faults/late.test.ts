import { expect, test } from 'vitest';
import { applyFaults } from '../../harness/faults/apply-faults.ts';
import { PENDING } from '../../src/poll/pending.ts';
import { manualClock } from './support/manual-clock.ts';

test('what is late is not waited for once the stream has been given up', () => {
  const clock = manualClock();
  const aborted: string[] = [];
  const inner = {
    pollRead: () => 1,
    pollWrite: () => PENDING,
    pollFlush: () => 0,
    pollShutdown: () => 0,
    abort: ({ message }: Error) => void aborted.push(message),
  };
  const plan = { faults: [{ fault: 'late', half: 'read' as const, ms: 1_000_000 }] };
  const stream = applyFaults(inner, 'a', plan, { connection: 1, recorder: null, clock });
  const waker = { wake: () => undefined };
  const cx = { direction: 'a -> b', half: 'read', budget: null, register: () => waker } as const;
  expect(stream.pollRead(cx, new Uint8Array(1), 0, 1)).toBe(PENDING);
  stream.abort?.(new Error('Given up'));
  expect(aborted).toEqual(['Given up']);
  // There is no timer left.
  expect(clock.next()).toBe(false);
});
