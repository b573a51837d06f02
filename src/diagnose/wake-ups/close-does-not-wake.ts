import type { ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Ending, Reporter } from '../detector.ts';
import type { HalfPicture } from '../half-picture.ts';
import { HALVES, nameOf, pictureOf, type HalfName } from './halves.ts';

/** What carries a stream has ended, and a half that waits on it was never told. Nothing else will come from there. */
export const closeDoesNotWake: Detector = {
  classes: ['close-does-not-wake'],
  kinds: [],
  open: (picture, report) => new CloseDoesNotWake(picture, report),
};

class CloseDoesNotWake implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
  }

  onEnd({ outcome }: Ending): void {
    if (outcome !== 'parked') return;
    for (const name of HALVES) this.#judge(name);
  }

  #judge(name: HalfName): void {
    const picture = this.#picture;
    const half = pictureOf(picture, name);
    const over = overSeq(half, picture.sibling(name.direction, name.half));
    // Whoever was asked after the end has had the occasion to say so: what it waits for then is something else.
    if (!half.isParked || over.seq < half.lastSeq || picture.gapSeq > half.registeredSeq) return;
    this.#report({
      class: 'close-does-not-wake',
      ...name,
      seq: over.seq,
      events: [half.registeredSeq],
      meaning: `The connection of ${nameOf(name)} ${over.how} while it waited there, and its waker was never called: it waits for what cannot come any more`,
    });
  }
}

/** The latest event that ends what a half waits for. A close or a failure ends both halves, whichever has told of it. */
function overSeq(half: HalfPicture, sibling: HalfPicture): { seq: number; how: string } {
  const failedSeq = Math.max(half.failedSeq, sibling.failedSeq);
  const closedSeq = Math.max(half.closedSeq, sibling.closedSeq);
  const { endedSeq } = half;
  const seq = Math.max(failedSeq, closedSeq, endedSeq);
  const how = seq === endedSeq ? 'was ended by its peer' : seq === failedSeq ? 'has failed' : 'was closed';
  return { seq, how };
}
