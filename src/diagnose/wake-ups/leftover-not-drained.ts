import { Kind } from '../../trace/event-kind.ts';
import { sideOf, type ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Reporter } from '../detector.ts';
import type { SeenEvent } from '../seen-event.ts';

/** A read that is Pending while the stream holds bytes that it has read and not handed over: it asks for more before it gives. */
export const leftoverNotDrained: Detector = {
  classes: ['leftover-not-drained'],
  kinds: [Kind.READ],
  skipsBytes: true,
  open: (picture, report) => new LeftoverNotDrained(picture, report),
};

class LeftoverNotDrained implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
  }

  onEvent(event: SeenEvent): void {
    if (!event.isPending) return;
    const half = this.#picture.halfOf(event);
    const { queue, queueSeq, lastSeq, innerPendings, innerSeq } = half;
    // What was told before its last call is no longer true.
    if (!(queue > 0) || queueSeq < lastSeq) return;
    // It has had enough for this poll, and has arranged to be asked again at once.
    if (half.wokenSeq > half.registeredInCallSeq && half.wokenSeq > lastSeq) return;
    const who = sideOf(event.direction, 'read');
    this.#report({
      class: 'leftover-not-drained',
      direction: event.direction,
      half: 'read',
      seq: event.seq,
      events: innerPendings > 0 ? [queueSeq, innerSeq] : [queueSeq],
      numbers: { queue },
      meaning: `A read of ${who} was Pending with ${queue} bytes in the stream that it has read and not handed over: they wait for more to come, and who is to get them waits for them`,
      ...(innerPendings > 0 ? {} : { confidence: 'likely' as const }),
    });
  }
}
