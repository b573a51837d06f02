import { Flag, Kind } from '../../trace/event-kind.ts';
import type { ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Reporter } from '../detector.ts';
import type { HalfPicture } from '../half-picture.ts';
import type { SeenEvent } from '../seen-event.ts';

/**
 * A read of 0 bytes, which is the end of the stream, from a source that has not ended: an empty message passed on as it is, an
 * error or a Pending turned into a count. A trace of the copy's calls alone cannot tell, unless bytes come after it.
 */
export const falseEof: Detector = {
  classes: ['false-eof'],
  kinds: [Kind.READ],
  open: (picture, report) => new FalseEof(picture, report),
};

interface Reason {
  readonly why: string;
  readonly isCertain: boolean;
  readonly numbers?: Readonly<Record<string, number>>;
}

class FalseEof implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;
  /** The end of each direction, where the stream beneath has not been seen to end. */
  readonly #ends: [number, number] = [-1, -1];

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
  }

  onEvent(event: SeenEvent): void {
    const index = event.isDown ? 1 : 0;
    if (event.n > 0) {
      if (this.#ends[index] !== -1) this.#goesOn(event, this.#ends[index]);
      return;
    }
    if (event.n !== 0 || event.hasFailed || event.strange !== null) return;
    // A read that has no room gives nothing whatever its source would.
    if (event.offered === 0 && (event.head & Flag.CHUNK) === 0) return;
    const half = this.#picture.halfOf(event);
    if (hasEnded(half) || this.#ends[index] !== -1) return;
    this.#ends[index] = event.seq;
    const reason = reasonOf(half, this.#isSameBytes(event), this.#picture.gapSeq);
    if (reason === null) return;
    // Whoever shuts its own stream down may find that it was closed both ways: a stream's other half is its own affair.
    if (!reason.isCertain && this.#picture.opposite(event.direction).shutDownSeq !== -1) return;
    this.#report({
      class: 'false-eof',
      direction: event.direction,
      half: 'read',
      seq: event.seq,
      events: half.innerCalls > 0 ? [half.innerSeq] : [],
      numbers: reason.numbers ?? {},
      meaning: `A read gave 0 bytes, which means the end of the stream, and ${reason.why}`,
      confidence: reason.isCertain ? 'certain' : 'likely',
    });
  }

  #goesOn(event: SeenEvent, seq: number): void {
    this.#report({
      class: 'false-eof',
      direction: event.direction,
      half: 'read',
      seq,
      events: [event.seq],
      numbers: { bytesAfter: event.n },
      meaning: `A read gave 0 bytes, which means the end of the stream, and a later one gave ${event.n}: an empty message passed on as it is?`,
      confidence: 'likely',
      readings: [
        { class: 'read-after-eof', why: 'the stream may have ended, and have no right answer for who reads on' },
      ],
    });
  }

  /** Whoever tells what was really given or taken tells of the same bytes as the copy. */
  #isSameBytes(event: SeenEvent): boolean {
    const half = this.#picture.halfOf(event);
    return half.ledger !== -1 || this.#picture.sibling(event.direction, 'read').ledger !== -1;
  }
}

function hasEnded({ innerEndSeq, endedSeq, closedSeq }: HalfPicture): boolean {
  return innerEndSeq !== -1 || endedSeq !== -1 || closedSeq !== -1;
}

/** What speaks against the end; null: nothing does, or too little is known. @param gapSeq where records are missing: the end itself may be there. */
function reasonOf(half: HalfPicture, isSameBytes: boolean, gapSeq: number): Reason | null {
  if (half.queue > 0 && half.queueSeq > Math.max(half.lastSeq, gapSeq))
    return {
      why: `${half.queue} bytes lay in the stream, not handed over`,
      isCertain: true,
      numbers: { queue: half.queue },
    };
  // Of a failure before the call before it may have been told by that one.
  if (half.failedSeq !== -1)
    return {
      why: 'what carries it had failed: an error was turned into an end',
      isCertain: half.failedSeq > half.lastSeq,
    };
  // An adapter with messages of its own may end by one of them.
  if (!half.hasInner || !isSameBytes || half.innerSeq < gapSeq) return null;
  const { innerBytes, innerPendings, innerFailures } = half;
  if (innerFailures > 0)
    return { why: 'the read beneath it had failed: an error was turned into an end', isCertain: true };
  if (innerBytes > 0)
    return {
      why: `the read beneath it had just got ${innerBytes}`,
      isCertain: true,
      numbers: { innerBytes },
    };
  if (innerPendings > 0)
    return { why: 'the read beneath it was Pending: it has nothing yet, and has not ended', isCertain: true };
  return {
    why: 'no read beneath it has: unless this adapter ends by a length of its own, an empty message was passed on as it is',
    isCertain: false,
  };
}
