import type { Report } from '../finding.ts';
import { NONE } from '../half-picture.ts';
import type { SeenEvent } from '../seen-event.ts';
import type { HeldAccount } from './held-account.ts';

/**
 * A shutdown that says it is done, and what lay in the writer has not gone out: the writer said that it held some, or a flush
 * was left out before it, or the flush before it lied. Bytes that were missing already are not its fault.
 */
export function droppedTail(account: HeldAccount, event: SeenEvent): Report | null {
  const { direction, write, queue } = account;
  // Only what was told within this call, or is told of each, is the last word.
  const isCurrent = account.isSeenBeneath || write.ledgerSeq > write.lastSeq;
  const missing = account.missing();
  if (!isCurrent || !(missing > 0)) return null;
  const isUnflushed = direction.tookSeq > account.flushSeq;
  const isLied = account.lieSeq !== NONE;
  if (queue <= 0 && !isLied && !(isUnflushed && queue === -1 && !account.wentThrough)) return null;
  const dropped = queue > 0 ? Math.min(queue, missing) : missing;
  const before = isUnflushed
    ? 'nobody had flushed it since the last write'
    : isLied
      ? 'the flush before had said that it was done'
      : 'it held them when it was asked to end';
  return {
    class: 'shutdown-drops-tail',
    direction: event.direction,
    half: 'write',
    seq: event.seq,
    events: [direction.tookSeq, account.flushSeq],
    numbers: { dropped, reported: direction.writtenBytes },
    meaning: `The shutdown is done, and the last ${dropped} of ${direction.writtenBytes} bytes that were reported as written never went out: ${before}`,
    ...(queue > 0 ? {} : { confidence: 'likely', readings: [swallowed] }),
    ...(isUnflushed ? { lookAt: LOOK_AT_THE_COPY } : {}),
  };
}

const LOOK_AT_THE_COPY =
  'Who calls pollShutdown: it must have seen pollFlush done since the last write. And pollShutdown itself: it should send what is left before it closes.';

const swallowed = {
  class: 'partial-over-report',
  why: 'the writes may have dropped what they reported: the writer does not say what lies in it',
} as const;
