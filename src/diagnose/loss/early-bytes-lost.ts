import { byteText } from '../byte-text.ts';
import { Kind, SocketState } from '../../trace/event-kind.ts';
import type { ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Reporter } from '../detector.ts';
import type { SeenEvent } from '../seen-event.ts';

/**
 * Bytes that came in the same packet as the last of a handshake, and were never read as the first of the stream: whoever read the
 * handshake has kept them, or thrown them away.
 */
export const earlyBytesLost: Detector = {
  classes: ['buffered-data-lost'],
  kinds: [Kind.SOCKET, Kind.INNER_READ, Kind.READ],
  open: (picture, report) => new EarlyBytesLost(picture, report),
};

/** What is known of the early bytes of one direction. */
interface Early {
  readonly seq: number;
  readonly bytes: number;
  /** Bytes that the stream had really given before: those of the handshake may be among them. */
  readonly ledger: number;
  /** Read by the adapter of the stream beneath since. */
  fromBeneath: number;
  /** Read by the copy since. */
  delivered: number;
}

class EarlyBytesLost implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;
  readonly #early: [Early | null, Early | null] = [null, null];

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
  }

  onEvent(event: SeenEvent): void {
    const index = event.isDown ? 1 : 0;
    const early = this.#early[index];
    if (event.kind === Kind.SOCKET) {
      if (event.n !== SocketState.HANDED_OVER || event.half !== 'read' || !(event.offered > 0)) return;
      const ledger = Math.max(0, this.#picture.halfOf(event).ledger);
      this.#early[index] = { seq: event.seq, bytes: event.offered, ledger, fromBeneath: 0, delivered: 0 };
      return;
    }
    if (early === null) return;
    if (this.#picture.gapSeq > early.seq) this.#early[index] = null;
    else if (event.kind === Kind.INNER_READ) early.fromBeneath += event.n > 0 && !event.hasFailed ? event.n : 0;
    else if (event.hasFailed) this.#early[index] = null;
    else if (this.#read(event, early)) this.#early[index] = null;
  }

  /** Whether it is settled. */
  #read(event: SeenEvent, early: Early): boolean {
    const { n } = event;
    const { bytes, delivered, fromBeneath } = early;
    if (event.isPending) {
      if (delivered >= bytes) return false;
      this.#lost(event, early, bytes - delivered, 'a read is Pending all the same', true);
      return true;
    }
    if (n > 0) {
      if (delivered === 0 && n <= fromBeneath) {
        this.#lost(event, early, bytes, `the first read gave ${n} that came after them`, false);
        return true;
      }
      early.delivered += n;
      return false;
    }
    const { ledger } = this.#picture.halfOf(event);
    const missing = bytes + Math.max(0, ledger - early.ledger) - delivered;
    if (missing > 0) this.#lost(event, early, missing, 'the stream ended without them', false);
    return true;
  }

  #lost({ seq, direction }: SeenEvent, early: Early, missing: number, what: string, isKept: boolean): void {
    this.#report({
      class: 'buffered-data-lost',
      direction,
      half: 'read',
      seq,
      events: [early.seq],
      numbers: { early: early.bytes, missing },
      meaning: `${byteText(early.bytes)} came with the handshake, as the first of ${direction}, and ${what}: ${byteText(missing)} missing`,
      lookAt:
        'What is done with the rest of the buffer when the handshake is over: it has to be read first, by the same reader that reads on.',
      ...(isKept
        ? {
            confidence: 'likely',
            readings: [{ class: 'leftover-not-drained', why: 'they may still lie in the stream, and come later' }],
          }
        : {}),
    });
  }
}
