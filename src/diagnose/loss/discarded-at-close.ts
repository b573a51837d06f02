import { Kind, SocketState } from '../../trace/event-kind.ts';
import { sideOf, type ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Reporter } from '../detector.ts';
import type { Report } from '../finding.ts';
import type { Direction, Half } from '../../poll/direction.ts';
import type { SeenEvent } from '../seen-event.ts';

/**
 * A relay of somebody else's that destroys a stream with bytes in it. Where something has failed there is nobody to have them,
 * and where neither side had ended the application may have given up; so it counts only after an end, in good order.
 */
export const discardedAtClose: Detector = {
  classes: ['buffered-data-lost', 'shutdown-drops-tail', 'premature-teardown'],
  kinds: [Kind.SOCKET, Kind.READ, Kind.WRITE],
  open: (picture, report) => new DiscardedAtClose(picture, report),
};

/** Who has closed his own end so long before has not been waiting for more. */
const GONE_MS = 100;
/** A stream is destroyed once: a trace that says so more often is kept in mind no further. */
const MAX_DISCARDS = 64;

interface Discard {
  readonly seq: number;
  readonly tickMs: number;
  readonly direction: Direction;
  readonly half: Half;
  readonly bytes: number;
  /** As of then: both sides may end yet. */
  readonly ownEndSeq: number;
  readonly otherEndSeq: number;
  readonly shutdownSeq: number;
}

class DiscardedAtClose implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;
  readonly #discards: Discard[] = [];
  readonly #writerClosedMs = { 'a -> b': Infinity, 'b -> a': Infinity };
  #hasFailed = false;

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
  }

  onEvent(event: SeenEvent): void {
    // Our own streams say what becomes of their bytes in other events, and their copy in its own.
    if (this.#picture.note?.sight !== 'streams') return;
    const { n, half, direction, hasFailed } = event;
    if (hasFailed || (event.kind === Kind.SOCKET && n === SocketState.FAILED)) this.#hasFailed = true;
    if (event.kind !== Kind.SOCKET) return;
    if (n === SocketState.CLOSED && half === 'write') this.#writerClosedMs[direction] = event.tickMs;
    if (n === SocketState.DISCARDED && this.#discards.length < MAX_DISCARDS)
      this.#discards.push(this.#discardOf(event));
  }

  onEnd(): void {
    if (this.#hasFailed) return;
    for (const discard of this.#discards) {
      const report = this.#judge(discard);
      if (report !== null) this.#report(report);
    }
  }

  #discardOf({ seq, tickMs, direction, half, offered }: SeenEvent): Discard {
    const own = this.#picture.of(direction);
    return {
      seq,
      tickMs,
      direction,
      half,
      bytes: offered,
      ownEndSeq: own.readDoneSeq,
      otherEndSeq: this.#picture.opposite(direction).readDoneSeq,
      shutdownSeq: own.shutdowns > 0 ? own.write.lastSeq : -1,
    };
  }

  #judge(discard: Discard): Report | null {
    const { seq, direction, half, bytes, ownEndSeq, otherEndSeq, shutdownSeq } = discard;
    const side = sideOf(direction, half);
    const common = { direction, half, seq, numbers: { bytes } };
    if (half === 'write' && shutdownSeq !== -1) {
      return {
        ...common,
        class: 'shutdown-drops-tail',
        events: [ownEndSeq, shutdownSeq],
        meaning: `The writer of ${side} was ended, and then destroyed before ${bytes} bytes that it had taken were sent: the end of what ${direction} carried is lost`,
        lookAt: `What follows end() of ${side}: a destroy() there has to wait for 'finish'.`,
      };
    }
    if (half === 'write' && ownEndSeq !== -1) {
      return {
        ...common,
        class: 'buffered-data-lost',
        events: [ownEndSeq],
        meaning: `${direction} had read all up to its end, and the writer of ${side} was destroyed with ${bytes} bytes that were not sent`,
        lookAt: `Who destroys ${side}: when its source has ended it is to be ended, which sends what it still holds.`,
      };
    }
    if (otherEndSeq === -1 || this.#isSinkGone(discard)) return null;
    const where = half === 'write' ? 'had taken and not sent' : 'had received and nobody had read';
    return {
      ...common,
      class: 'premature-teardown',
      events: [otherEndSeq],
      meaning: `${side} was destroyed when the other direction had ended, with ${bytes} bytes of ${direction} that it ${where}`,
      lookAt: 'What the end of one direction does: it ends the writer of that direction, and leaves the other alone.',
    };
  }

  /** Nobody was there any more who could have had the bytes. */
  #isSinkGone({ direction, tickMs, half }: Discard): boolean {
    return half === 'read' && this.#writerClosedMs[direction] < tickMs - GONE_MS;
  }
}
