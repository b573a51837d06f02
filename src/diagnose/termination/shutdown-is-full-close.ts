import { Kind } from '../../trace/event-kind.ts';
import type { ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Reporter } from '../detector.ts';
import type { DirectionPicture } from '../direction-picture.ts';
import type { Report } from '../finding.ts';
import { NONE, type HalfPicture } from '../half-picture.ts';
import type { SeenEvent } from '../seen-event.ts';

/**
 * The writing half of a stream is shut down, and then its reading half ends, or fails, of its own accord: neither has what
 * lies beneath ended, nor has a peer closed or reset it.
 */
export const shutdownIsFullClose: Detector = {
  classes: ['shutdown-is-full-close'],
  kinds: [Kind.READ],
  skipsBytes: true,
  open: (picture, report) => new ShutdownIsFullClose(picture, report),
};

/** What closes later than that after a shutdown was closed by somebody else: an application, a limit. */
const AT_ONCE_MS = 1000;

/** A stream that takes something of its own for its end may do so at any time, and so just then. */
const EMPTY_MESSAGE = {
  class: 'false-eof',
  why: 'an empty message may have been taken for the end, which has nothing to do with the shutdown',
} as const;

class ShutdownIsFullClose implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
  }

  onEvent(event: SeenEvent): void {
    if (!(event.n === 0 || event.hasFailed)) return;
    const reading = event.isDown ? this.#picture.bToA : this.#picture.aToB;
    const writing = event.isDown ? this.#picture.aToB : this.#picture.bToA;
    if (writing.shutdowns === 0 || !this.#isWhole(reading.read)) return;
    const isLate = event.tickMs - writing.write.lastTickMs > AT_ONCE_MS;
    if (hasInventedEnd(reading.read, writing.write)) {
      // A limit of the adapter's own, such as for how long it reads, looks the same from beneath.
      if (event.hasFailed && isLate) return;
      this.#report({
        ...reportOf(event, reading, writing),
        ...(event.hasFailed ? {} : { confidence: 'likely', readings: [EMPTY_MESSAGE] }),
      });
    } else if (!isLate && isClosedByShutdown(reading.read, writing)) {
      this.#report({
        ...reportOf(event, reading, writing),
        confidence: 'likely',
        readings: [{ class: 'premature-teardown', why: 'somebody else may have closed the connection in that moment' }],
      });
    }
  }

  /** Of a read that was Pending nobody can have known the end: so it is known what came between. */
  #isWhole(read: HalfPicture): boolean {
    const { gapSeq } = this.#picture;
    return gapSeq === NONE || (read.lastSeq >= gapSeq && read.isPending);
  }
}

/** Beneath the adapter nothing has ended or failed, nor can it have read an end among bytes of its own. */
function hasInventedEnd(read: HalfPicture, write: HalfPicture): boolean {
  if (!read.hasInner && !write.hasInner) return false;
  if (read.innerEndSeq !== NONE || read.innerFailedSeq !== NONE || write.innerFailedSeq !== NONE) return false;
  const isSameBytes = read.ledger !== -1 || write.ledger !== -1;
  return read.innerBytes === 0 && (isSameBytes || read.innerMovedSeq === NONE);
}

/** It is closed, and not by its peer. */
function isClosedByShutdown(read: HalfPicture, { write }: DirectionPicture): boolean {
  if (read.closedSeq === NONE && write.closedSeq === NONE) return false;
  const hasPeerEnded = read.endedSeq !== NONE || read.failedSeq !== NONE || write.failedSeq !== NONE;
  return !hasPeerEnded && write.lastKind === Kind.SHUTDOWN;
}

function reportOf(event: SeenEvent, reading: DirectionPicture, writing: DirectionPicture): Report {
  const what = event.hasFailed ? 'failed' : 'said that it was the end';
  return {
    class: 'shutdown-is-full-close',
    direction: reading.direction,
    half: 'read',
    seq: event.seq,
    events: [writing.write.lastSeq, reading.read.closedSeq, event.seq],
    numbers: { readBytes: reading.readBytes, afterMs: event.tickMs - writing.write.lastTickMs },
    meaning: `After the shutdown of ${writing.direction}, the read of ${reading.direction} ${what}, though nothing had ended beneath it: the shutdown has closed the stream both ways, and what its peer still says is lost`,
  };
}
