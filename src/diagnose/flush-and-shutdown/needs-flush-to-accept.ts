import { Kind } from '../../trace/event-kind.ts';
import type { ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Ending, Reporter } from '../detector.ts';
import type { DirectionPicture } from '../direction-picture.ts';
import { NONE } from '../half-picture.ts';
import type { SeenEvent } from '../seen-event.ts';

/**
 * A writer that has taken something, has not been flushed since, and takes no more, though it has not even asked the stream
 * beneath. Who copies flushes when its buffer is empty, and its buffer is not.
 */
export const needsFlushToAccept: Detector = {
  classes: ['needs-flush-to-accept'],
  kinds: [Kind.WRITE],
  skipsBytes: true,
  open: (picture, report) => new NeedsFlushToAccept(picture, report),
};

class NeedsFlushToAccept implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;
  /** For each direction: the latest write that the writer has refused by itself. */
  readonly #refusedSeq: [number, number] = [NONE, NONE];

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
  }

  onEvent(event: SeenEvent): void {
    if (event.n >= 0) return;
    const { write, tookSeq, flushedSeq } = event.isDown ? this.#picture.bToA : this.#picture.aToB;
    const isByItself = write.innerCalls === 0 && write.registeredInCallSeq !== NONE;
    const isRefused = event.isPending && isByItself && tookSeq > flushedSeq;
    this.#refusedSeq[event.isDown ? 1 : 0] = isRefused ? event.seq : NONE;
  }

  onEnd({ outcome }: Ending): void {
    if (outcome !== 'parked') return;
    this.#judge(this.#picture.aToB, this.#refusedSeq[0]);
    this.#judge(this.#picture.bToA, this.#refusedSeq[1]);
  }

  #judge(direction: DirectionPicture, refusedSeq: number): void {
    const { write, tookSeq } = direction;
    const isSeenBeneath = write.hasInner || this.#picture.sibling(direction.direction, 'write').hasInner;
    // Woken since, it would have been asked again: that wake is another matter.
    if (refusedSeq === NONE || write.lastSeq !== refusedSeq || !isSeenBeneath || write.wokenSeq > refusedSeq) return;
    const offered = write.lastOffered;
    this.#report({
      class: 'needs-flush-to-accept',
      direction: direction.direction,
      half: 'write',
      seq: refusedSeq,
      events: [tookSeq, write.pendingSinceSeq],
      numbers: { offered, reported: direction.writtenBytes },
      meaning: `The writer has taken ${direction.writtenBytes} bytes and takes none of the next ${offered}, without asking the stream beneath: it waits for a flush, which comes only once these are written`,
      confidence: 'likely',
      readings: [
        {
          class: 'waker-overwritten',
          why: 'it may wait for something else, whose wake went to somebody who came later',
        },
      ],
    });
  }
}
