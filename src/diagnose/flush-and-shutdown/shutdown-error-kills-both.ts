import { Kind } from '../../trace/event-kind.ts';
import type { ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Ending, Reporter } from '../detector.ts';
import { NONE } from '../half-picture.ts';
import type { SeenEvent } from '../seen-event.ts';

const DONE = 2;

/** A shutdown that fails in one direction, whose bytes are all delivered, and ends the copy while the other has more to carry. */
export const shutdownErrorKillsBoth: Detector = {
  classes: ['shutdown-error-kills-both'],
  kinds: [Kind.SHUTDOWN],
  open: (picture, report) => new ShutdownErrorKillsBoth(picture, report),
};

class ShutdownErrorKillsBoth implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;
  #failedSeq = NONE;
  #isDown = false;

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
  }

  onEvent(event: SeenEvent): void {
    if (!event.hasFailed) return;
    this.#failedSeq = event.seq;
    this.#isDown = event.isDown;
  }

  onEnd({ outcome }: Ending): void {
    if (outcome !== 'failed' || this.#failedSeq === NONE) return;
    const { aToB, bToA } = this.#picture;
    const [own, other] = this.#isDown ? [bToA, aToB] : [aToB, bToA];
    // What the copy did after the failure, it did not end.
    if (other.state === DONE || other.write.lastSeq > this.#failedSeq || other.read.lastSeq > this.#failedSeq) return;
    const left = this.#leftIn(other);
    if (left === 0) return;
    const what = left > 0 ? `${left} bytes` : 'something';
    this.#report({
      class: 'shutdown-error-kills-both',
      direction: own.direction,
      half: 'write',
      seq: this.#failedSeq,
      events: [Math.max(other.read.readableSeq, other.read.wokenSeq), own.stateSeq],
      numbers: { delivered: own.writtenBytes, ...(left > 0 ? { left } : {}) },
      meaning: `The shutdown failed after all ${own.writtenBytes} bytes of ${own.direction}, and its error ended the copy: ${other.direction} was still running, with ${what} to carry`,
      ...(left > 0
        ? {}
        : {
            confidence: 'likely',
            readings: [
              { class: 'premature-teardown', why: `${other.direction} was woken; it may have been by its own end` },
            ],
          }),
    });
  }

  /** Bytes that a direction could still have carried; −1: it was woken, nobody knows by what; 0: nothing shows any. */
  #leftIn({ read, write, pos, cap }: ConnectionPicture['aToB']): number {
    const buffered = write.isPending && write.lastKind === Kind.WRITE ? Math.max(0, cap - pos) : 0;
    const queued = read.queueSeq > read.lastSeq ? read.queue : 0;
    const isTold = read.readableSeq > read.lastSeq;
    const known = buffered + Math.max(queued, isTold ? read.readableBytes : 0);
    if (known > 0 || isTold) return known;
    // An end or a failure wakes, too.
    const isOver = Math.max(read.endedSeq, read.failedSeq, read.closedSeq) > read.lastSeq;
    return read.isPending && read.wokenSeq > read.lastSeq && !isOver ? -1 : 0;
  }
}
