import { byteText } from '../byte-text.ts';
import { Kind } from '../../trace/event-kind.ts';
import type { ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Reporter } from '../detector.ts';
import type { SeenEvent } from '../seen-event.ts';

/** A write that takes nothing of what it is offered, and says so instead of waiting. */
export const zeroWrite: Detector = {
  classes: ['zero-write'],
  kinds: [Kind.WRITE],
  skipsBytes: true,
  open: (picture, report) => new ZeroWrite(picture, report),
};

class ZeroWrite implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
  }

  onEvent(event: SeenEvent): void {
    // A copy whose pos has passed its cap offers nothing: then 0 is the right answer.
    if (event.n !== 0 || event.hasFailed || event.strange !== null || !(event.offered > 0)) return;
    const { innerPendings, innerSeq, innerCalls, ledger, ledgerBefore } = this.#picture.halfOf(event);
    // One that has taken some of it counts too little, which is another thing.
    if (ledger > Math.max(0, ledgerBefore)) return;
    const { seq, offered, direction } = event;
    const beneath =
      innerPendings > 0
        ? ': the stream beneath it was Pending, and that was passed on as a count'
        : ': a full queue, or a stream beneath that was not ready, passed on as a count?';
    this.#report({
      class: 'zero-write',
      direction,
      half: 'write',
      seq,
      events: innerCalls > 0 ? [innerSeq] : [],
      numbers: { offered, reported: 0 },
      meaning: `A write was offered ${byteText(offered)} and reported 0${beneath} Who has no room waits: 0 ends the copy with WriteZero, or makes a loop that trusts it go round for ever`,
    });
  }
}
