import { expect, test } from 'vitest';
import { applyFaults } from '../../harness/faults/apply-faults.ts';
import { applyTransportFaults } from '../../harness/faults/transport/apply-transport-faults.ts';
import type { FaultContext } from '../../harness/faults/active-fault.ts';
import type { Context } from '../../src/poll/context.ts';
import { PENDING } from '../../src/poll/pending.ts';
import type { PollStream } from '../../src/poll/poll-stream.ts';
import { manualClock } from './support/manual-clock.ts';

/** A byte of a read is one that has come, not one for which there was room; a cut is told only when it is made. */

const CX: Context = { direction: 'a -> b', half: 'read', budget: null, register: () => ({ wake: () => undefined }) };

/** Reads give, and writes take, so many bytes at a time; in the end there is nothing more, and no end. */
function stream(...counts: number[]): PollStream {
  const next = (room: number): number => Math.min(room, counts.shift() ?? PENDING);
  return {
    pollRead: (_cx, _bytes, start, end) => (counts.length === 0 ? PENDING : next(end - start)),
    pollWrite: (_cx, _bytes, start, end) => (counts.length === 0 ? PENDING : next(end - start)),
    pollFlush: () => 0,
    pollShutdown: () => 0,
  };
}

function fires(): { context: FaultContext; fired: string[] } {
  const fired: string[] = [];
  const context = {
    connection: 1,
    recorder: null,
    clock: manualClock(),
    onFire: ({ text }: { text: string }) => void fired.push(text),
  };
  return { context, fired };
}

const read = (from: PollStream): number | string => {
  try {
    return from.pollRead(CX, new Uint8Array(1000), 0, 1000);
  } catch {
    return 'error';
  }
};

test.each<[string, (number | string)[]]>([
  ['error', [3, 3, 3, 'error', 3]],
  ['pending-without-waker', [3, 3, 3, PENDING, 3]],
  ['early-end', [3, 3, 3, 0, 0]],
  ['empty-read', [3, 3, 3, 0, 3]],
  ['short', [3, 3, 3, 1, 3]],
  ['late', [3, 3, 3, PENDING, PENDING]],
])('%s at byte 10 of what is read is at the read that begins with it, whatever the room', (fault, expected) => {
  const { context } = fires();
  const plan = { faults: [{ fault, half: 'read' as const, when: { byte: 10 } }] };
  const faulty = applyFaults(stream(3, 3, 3, 3, 3), 'a', plan, context);
  expect(expected.map(() => read(faulty))).toEqual(expected);
});

test.each([
  ['stall', [3, 3, 3, PENDING]],
  ['blackhole', [3, 3, 3, PENDING]],
  ['reset', [3, 3, 3, 1, PENDING]],
  ['close', [3, 3, 3, 1, PENDING]],
])('%s at byte 10 of what is read', (fault, expected) => {
  const { context, fired } = fires();
  const calls: string[] = [];
  const link = {
    reset: () => void calls.push('reset'),
    end: () => void calls.push('end'),
    close: () => void calls.push('close'),
    whenOver: () => undefined,
  };
  const plan = { faults: [{ fault, half: 'read' as const, when: { byte: 10 } }] };
  const faulty = applyTransportFaults(stream(3, 3, 3, 3), link, { side: 'a', plan, context });
  expect([read(faulty), read(faulty), read(faulty), fired, calls]).toEqual([3, 3, 3, [], []]);
  expect([3, 3, 3, ...expected.slice(3).map(() => read(faulty))]).toEqual(expected);
  expect(fired).toEqual([fault]);
});

test('a cut after so many bytes does not fire for those that were offered and never taken', () => {
  const { context, fired } = fires();
  const calls: string[] = [];
  const link = {
    reset: () => void calls.push('reset'),
    end: () => undefined,
    close: () => undefined,
    whenOver: () => undefined,
  };
  const plan = { faults: [{ fault: 'reset', when: { byte: 10 } }] };
  const faulty = applyTransportFaults(stream(6), link, { side: 'a', plan, context });
  const write = (): number => faulty.pollWrite(CX, new Uint8Array(100), 0, 100, false);
  expect([write(), write(), fired, calls]).toEqual([6, PENDING, [], []]);
});
