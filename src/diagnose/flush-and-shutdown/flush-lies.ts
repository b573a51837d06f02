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

const swallowed = {
  class: 'partial-over-report',
  why: 'the writes may have dropped what they reported: the writer does not say what lies in it',
} as const;
