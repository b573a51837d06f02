import type { Report } from '../finding.ts';
import { NONE } from '../half-picture.ts';
import type { SeenEvent } from '../seen-event.ts';
import type { HeldAccount } from './held-account.ts';

/**
 * A flush that says it is done while bytes are held: the stream itself says that some lie in it, or some are missing beneath
 * and the flush has not even asked there. Where it has asked, what is missing was lost earlier, and no flush would find it.
 */
export function flushLied(account: HeldAccount, event: SeenEvent, queue: number): Report | null {
  const { direction, write } = account;
  const missing = account.missing();
  const isTold = queue > 0;
  const isSeen = queue === -1 && missing > 0 && account.isSeenBeneath && write.innerCalls === 0;
  // Flushed beneath, with none of what is missing passed on there, nor by the write itself.
  const isHollow =
    queue === -1 && missing > 0 && account.isSeenBeneath && write.innerBytes === 0 && !account.wentThrough;
  account.hollowSeq = isHollow && !isSeen && write.innerPendings === 0 ? event.seq : NONE;
  if (!isTold && !isSeen) {
    account.lieSeq = NONE;
    return null;
  }
  const held = isTold ? queue : missing;
  account.lieSeq = event.seq;
  account.lieBytes = held;
  const gone = missing >= 0 ? `: ${direction.writtenBytes - missing} of ${direction.writtenBytes} have gone out` : '';
  return {
    class: 'flush-lies',
    direction: event.direction,
    half: 'write',
    seq: event.seq,
    events: [direction.tookSeq],
    numbers: { held, reported: direction.writtenBytes },
    meaning: `The flush said that it was done, and ${held} bytes still lie in the writer${gone}`,
    ...(isTold ? {} : { confidence: 'likely', readings: [swallowed] }),
  };
}

/**
 * At the end of a trace in which nothing came after such a flush: what the copy has reported never went out, though it was flushed.
 * Whether the writer keeps it or has dropped it, it does not say.
 */
export function hollowFlush(account: HeldAccount): Report | null {
  const { direction, hollowSeq } = account;
  const held = account.missing();
  if (hollowSeq === NONE || !(held > 0) || direction.tookSeq > hollowSeq || direction.shutdowns > 0) return null;
  return {
    class: 'flush-lies',
    direction: direction.direction,
    half: 'write',
    seq: hollowSeq,
    events: [direction.tookSeq],
    numbers: { held, reported: direction.writtenBytes },
    meaning: `The flush said that it was done, and had flushed what lies beneath, but ${held} of ${direction.writtenBytes} bytes never went out: the writer has a buffer of its own`,
    confidence: 'likely',
    readings: [swallowed],
  };
}

/** What a call passes on beyond what it was given had been kept through the flush before, which had said that it was done. */
export function lateAfterFlush(account: HeldAccount, event: SeenEvent, took: number): Report | null {
  const { direction, write, hollowSeq } = account;
  const held = write.innerBytes - took;
  if (hollowSeq === NONE) return null;
  account.hollowSeq = NONE;
  if (!(held > 0)) return null;
  return {
    class: 'flush-lies',
    direction: direction.direction,
    half: 'write',
    seq: hollowSeq,
    events: [direction.tookSeq, event.seq],
    numbers: { held, reported: direction.writtenBytes },
    meaning: `The flush said that it was done, and ${held} bytes that had been reported before it went out only with a later call: whoever waited for an answer to them waited in vain`,
  };
}

const swallowed = {
  class: 'partial-over-report',
  why: 'the writes may have dropped what they reported: the writer does not say what lies in it',
} as const;
