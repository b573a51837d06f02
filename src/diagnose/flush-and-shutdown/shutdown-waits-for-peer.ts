import { Kind } from '../../trace/event-kind.ts';
import type { ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Ending, Reporter } from '../detector.ts';
import type { DirectionPicture } from '../direction-picture.ts';
import type { Report } from '../finding.ts';
import { NONE, type HalfPicture } from '../half-picture.ts';
import type { SeenEvent } from '../seen-event.ts';

/** `HalfPicture.blockedOn`: the peer. */
const PEER = 2;

/**
 * A shutdown that has done its own part, and waits for the peer to do the same: a close_notify, a Close. Seen where the copy
 * is parked on it, or where a limit has ended the wait.
 */
export const shutdownWaitsForPeer: Detector = {
  classes: ['shutdown-waits-for-peer'],
  kinds: [Kind.SHUTDOWN, Kind.INNER_SHUTDOWN],
  open: (picture, report) => new ShutdownWaitsForPeer(picture, report),
};

class Part {
  /** The stream beneath has said that it is shut down. */
  doneSeq = NONE;
  /** The latest Pending shutdown that has registered, and called nothing beneath that was Pending. */
  waitingSeq = NONE;
}

class ShutdownWaitsForPeer implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;
  readonly #parts: readonly [Part, Part] = [new Part(), new Part()];

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
  }

  onEvent(event: SeenEvent): void {
    const part = this.#parts[event.isDown ? 1 : 0];
    if (event.kind === Kind.INNER_SHUTDOWN) {
      if (event.n === 0 && !event.hasFailed) part.doneSeq = event.seq;
      return;
    }
    const direction = event.isDown ? this.#picture.bToA : this.#picture.aToB;
    const { write } = direction;
    if (event.isPending) {
      const isWaiting = write.registeredInCallSeq !== NONE && write.innerPendings === 0;
      part.waitingSeq = isWaiting ? event.seq : NONE;
    } else if (event.hasFailed && write.blockedOn === PEER && isUnanswered(write)) {
      this.#tell(direction, event.seq, event.tickMs, {});
    }
  }

  onEnd({ outcome, atMs }: Ending): void {
    if (outcome !== 'parked') return;
    this.#judge(this.#picture.aToB, this.#parts[0], atMs);
    this.#judge(this.#picture.bToA, this.#parts[1], atMs);
  }

  #judge(direction: DirectionPicture, part: Part, atMs: number): void {
    const { write } = direction;
    if (part.waitingSeq === NONE || write.lastSeq !== part.waitingSeq || write.wokenSeq > part.waitingSeq) return;
    if (isUnanswered(write)) this.#tell(direction, part.waitingSeq, atMs, {});
    else if (part.doneSeq !== NONE) this.#tell(direction, part.waitingSeq, atMs, { confidence: 'likely', readings });
  }

  #tell({ direction, write }: DirectionPicture, seq: number, atMs: number, more: Partial<Report>): void {
    const waitedMs = Math.max(0, Math.round(atMs - write.pendingSinceTickMs));
    this.#report({
      class: 'shutdown-waits-for-peer',
      direction,
      half: 'write',
      seq,
      events: [write.pendingSinceSeq, write.askedSeq],
      numbers: { waitedMs },
      meaning: `This end has been sent, all bytes before it, and the shutdown waits for the peer to answer it: for ${waitedMs} ms so far, and without a limit for ever`,
      ...more,
    });
  }
}

/** The peer was asked to close, and has done nothing since. */
function isUnanswered({ askedSeq, answeredSeq, closedSeq }: HalfPicture): boolean {
  return askedSeq !== NONE && answeredSeq < askedSeq && closedSeq < askedSeq;
}

const readings = [
  {
    class: 'inner-ready-outer-pending',
    why: 'the stream beneath was shut down, so that the writer may have nothing to wait for and not say so',
  },
] as const;
