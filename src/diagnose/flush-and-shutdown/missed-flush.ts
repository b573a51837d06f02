import type { Report } from '../finding.ts';
import { NONE } from '../half-picture.ts';
import { Kind } from '../../trace/event-kind.ts';
import type { HeldAccount } from './held-account.ts';

/** At the end of a copy that is parked: its reader waits for an answer to what its writer was never told to send. */
export function missedFlush(account: HeldAccount): Report | null {
  const { direction, write, queue } = account;
  const isIdle = direction.state === 0 && direction.read.isPending && !direction.readDone;
  // The last that was called of the writer was a write that took something.
  if (!isIdle || write.lastKind !== Kind.WRITE || direction.tookSeq === NONE || write.lastSeq !== direction.tookSeq)
    return null;
  const held = account.missing();
  // Sent since by itself, if the stream still tells.
  const queued = write.queueSeq > write.lastSeq ? write.queue : queue;
  const isTold = queued > 0 && !(held <= 0);
  if (!isTold && !(queue === -1 && held > 0 && !account.wentThrough)) return null;
  const bytes = held > 0 ? held : queued;
  const isCertain = isTold && held > 0;
  return {
    class: 'missed-flush',
    direction: direction.direction,
    half: 'write',
    seq: direction.tookSeq,
    events: [direction.read.lastSeq],
    numbers: { held: bytes, reported: direction.writtenBytes },
    meaning: `${bytes} of ${direction.writtenBytes} bytes that were reported as written still lie in the writer: nobody has flushed it since this write, and its reader waits for an answer to them`,
    ...(isCertain ? {} : { confidence: 'likely', readings: [held > 0 ? dropped : slow] }),
  };
}

const dropped = {
  class: 'partial-over-report',
  why: 'the writer may have dropped them instead of holding them: it does not say what lies in it',
} as const;

const slow = {
  class: 'dead-peer',
  why: 'the writer may be sending them by itself to a peer that takes nothing: what has gone out is not told',
} as const;
