import { Kind } from '../../trace/event-kind.ts';
import type { ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Ending, Reporter } from '../detector.ts';
import type { DirectionPicture } from '../direction-picture.ts';
import type { SeenEvent } from '../seen-event.ts';

/**
 * A copy that ends with bytes in its buffer which it could have delivered: the reader fails while the writer has not taken what was
 * read before; the other direction fails after this one's source has ended; or it is called complete.
 *
 * Not lost by the copy, and so no finding: what was meant for a stream that has failed itself, of which nobody can deliver anything;
 * what a stream had sent before it was reset, where another direction found that out; what an application gave up by its signal or
 * its time-out; and what a wrong count makes unknown.
 */
export const bufferDropped: Detector = {
  classes: ['buffered-data-lost'],
  kinds: [Kind.READ, Kind.WRITE, Kind.FLUSH, Kind.SHUTDOWN],
  open: (picture, report) => new BufferDropped(picture, report),
};

const UNKNOWN = -1;

class BufferDropped implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;
  /** Bytes that each direction has read and its writer has not said that it took. */
  readonly #left: [number, number] = [0, 0];
  /** The event that said so. */
  readonly #leftSeq: [number, number] = [-1, -1];
  /** The call that failed, which is the last. */
  #failedSeq = -1;
  #failedKind = 0;
  #failedDown = false;
  /** Who records wrappers around the streams sees no buffer: then pos and cap stay 0. */
  #seesBuffer = false;

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
  }

  onEvent(event: SeenEvent): void {
    if (event.hasFailed) {
      this.#failedSeq = event.seq;
      this.#failedKind = event.kind;
      this.#failedDown = event.isDown;
      return;
    }
    const index = event.isDown ? 1 : 0;
    if (event.cap > 0) this.#seesBuffer = true;
    if (event.kind !== Kind.READ && event.kind !== Kind.WRITE) return;
    this.#left[index] = event.kind === Kind.READ ? leftAfterRead(event) : leftAfterWrite(event);
    this.#leftSeq[index] = event.seq;
  }

  onEnd({ outcome, code }: Ending): void {
    if (!this.#seesBuffer || this.#picture.note?.sight !== undefined) return;
    if (outcome === 'completed') {
      for (const isDown of [false, true]) this.#atTheEnd(isDown);
      return;
    }
    // Whoever gave it up has given up what was in it: a signal, a time-out, a count that was refused.
    if (outcome !== 'failed' || this.#failedSeq === -1 || (code !== undefined && code !== 'STREAM_FAILED')) return;
    if (this.#failedKind === Kind.READ) this.#readerFailed(this.#failedDown);
    else if (this.#failedKind !== Kind.SHUTDOWN) this.#otherWriterFailed(!this.#failedDown);
  }

  #readerFailed(isDown: boolean): void {
    const { write, direction } = this.#direction(isDown);
    const left = this.#deliverable(isDown);
    if (left <= 0 || isBefore(write.failedSeq, this.#failedSeq) || isBefore(write.closedSeq, this.#failedSeq)) return;
    this.#lost(isDown, this.#failedSeq, [write.lastSeq], {
      left,
      meaning: `The read of ${direction} failed while ${left} bytes lay in its buffer, read before and not yet taken by a writer that had not failed: the copy gave up at once, and they are gone`,
    });
  }

  /** A stream that cannot be written any more; what it had sent, and ended, was still to be delivered. */
  #otherWriterFailed(isDown: boolean): void {
    const { read, write, readDoneSeq, direction } = this.#direction(isDown);
    const left = this.#deliverable(isDown);
    const hasEnded = readDoneSeq !== -1 || read.endedSeq !== -1;
    if (left <= 0 || !hasEnded || read.failedSeq !== -1 || isBefore(write.failedSeq, this.#failedSeq)) return;
    this.#lost(isDown, this.#failedSeq, [readDoneSeq, write.lastSeq], {
      left,
      meaning: `The copy failed because of the other direction, with ${left} bytes of ${direction} in the buffer: its source had ended in good order and its writer had not failed, so they could have been delivered`,
    });
  }

  #atTheEnd(isDown: boolean): void {
    const { write, read, direction } = this.#direction(isDown);
    const left = this.#deliverable(isDown);
    if (left <= 0) return;
    this.#lost(isDown, Math.max(write.lastSeq, read.lastSeq), [], {
      left,
      meaning: `The copy was called complete with ${left} bytes of ${direction} in its buffer, which nobody has written`,
    });
  }

  /** 0: none, or it cannot be told. A direction that has never written may be one half of a stream recorded alone. */
  #deliverable(isDown: boolean): number {
    const index = isDown ? 1 : 0;
    // What was left before a gap may have been written in it.
    if (this.#direction(isDown).writes === 0 || this.#picture.gapSeq > this.#leftSeq[index]) return 0;
    return this.#left[index];
  }

  #lost(isDown: boolean, seq: number, events: readonly number[], what: { left: number; meaning: string }): void {
    const { direction } = this.#direction(isDown);
    const { left, meaning } = what;
    this.#report({ class: 'buffered-data-lost', direction, seq, events, numbers: { bytes: left }, meaning });
  }

  #direction(isDown: boolean): DirectionPicture {
    return isDown ? this.#picture.bToA : this.#picture.aToB;
  }
}

function isBefore(seq: number, other: number): boolean {
  return seq !== -1 && seq < other;
}

/** What a read gives comes after what was there; a copy that begins its buffer anew does so when nothing was. */
function leftAfterRead({ pos, cap, n, isPending, offered }: SeenEvent): number {
  const before = Math.max(0, cap - pos);
  if (isPending) return before;
  const isCount = Number.isInteger(n) && n >= 0 && n <= offered;
  return isCount ? before + n : UNKNOWN;
}

function leftAfterWrite({ pos, cap, n, isPending, offered }: SeenEvent): number {
  if (isPending) return Math.max(0, cap - pos);
  const isCount = Number.isInteger(n) && n >= 1 && n <= offered;
  return isCount ? Math.max(0, cap - pos - n) : UNKNOWN;
}
