import { byteText } from '../byte-text.ts';
import { Kind } from '../../trace/event-kind.ts';
import { sideOf, type ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Reporter } from '../detector.ts';
import { NONE } from '../half-picture.ts';
import type { SeenEvent } from '../seen-event.ts';

/**
 * The same defect as seen at the other end: a stream whose peer has shut its writing half down is told to be closed both ways, and
 * so the answer to what that peer has just sent cannot be written.
 *
 * A peer may also leave without a wish for more. So it counts only if nothing of an answer had been delivered, and the end came with
 * what was asked: who follows a feed has had some of it, and who gives up has waited.
 */
export const endIsFullClose: Detector = {
  classes: ['shutdown-is-full-close'],
  kinds: [Kind.WRITE],
  skipsBytes: true,
  open: (picture, report) => new EndIsFullClose(picture, report),
};

/** Whose end comes later than that after his last byte may have waited for an answer, and given up. */
const AT_ONCE_MS = 1000;

class EndIsFullClose implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
  }

  onEvent({ hasFailed, direction, seq, pos, cap, tickMs }: SeenEvent): void {
    const bytes = cap - pos;
    if (!hasFailed || !(bytes > 0) || this.#picture.gapSeq !== NONE) return;
    const answer = this.#picture.of(direction);
    const { read, gaveSeq, gaveTickMs } = this.#picture.opposite(direction);
    const { write } = answer;
    // Told in one breath with the end, or by this very write: so it was the end that closed it, and nobody here.
    const isClosedByEnd = write.closedSeq === read.endedSeq + 1 || write.closedSeq === seq - 1;
    if (read.endedSeq === NONE || write.closedSeq === NONE || !isClosedByEnd) return;
    if (answer.shutdowns > 0 || read.failedSeq !== NONE || write.failedSeq !== NONE) return;
    const isAsked = gaveSeq !== NONE && read.endedTickMs - gaveTickMs <= AT_ONCE_MS;
    if (!isAsked || answer.writtenBytes > 0) return;
    const side = sideOf(direction, 'write');
    this.#report({
      class: 'shutdown-is-full-close',
      direction,
      half: 'write',
      seq,
      events: [gaveSeq, read.endedSeq, write.closedSeq, answer.gaveSeq],
      numbers: { bytes, afterMs: tickMs - read.endedTickMs },
      meaning: `The peer of ${side} ended what it had to say, and that closed ${side} both ways: ${byteText(bytes)} of ${direction}, with which an answer begins, could not be delivered`,
      lookAt: `What carries ${side}, at both of its ends: a WebSocket cannot carry a half-close, so that the Close of whoever has sent his request takes the answer away. The end of one direction needs a message of its own.`,
      confidence: 'likely',
      readings: [{ class: 'premature-teardown', why: `the peer of ${side} may have left, and wanted no answer` }],
    });
  }
}
