import { Kind } from '../../trace/event-kind.ts';
import { sideOf, type ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Ending, Reporter } from '../detector.ts';
import type { SeenEvent } from '../seen-event.ts';
import { HALVES, halfIndex, halfPlace } from '../half-place.ts';

/**
 * A window that is used up while bytes that nobody has any more are still counted in it: what was dropped was never given back to
 * the peer, which may send no more. Credit given back in batches is owed for a while, but never with the window at its end.
 */
export const creditLeak: Detector = {
  classes: ['credit-leak'],
  kinds: [Kind.CREDIT],
  open: (picture, report) => new CreditLeak(picture, report),
};

class CreditLeak implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;
  /** The largest window that was seen, and the event since which more has been owed at each: −1, it was paid back. */
  readonly #widest = HALVES.map(() => 0);
  readonly #owedSinceSeqs = HALVES.map(() => -1);

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
  }

  onEvent(event: SeenEvent): void {
    const half = halfIndex(event);
    const { n: window, offered: owed, seq } = event;
    this.#widest[half] = Math.max(this.#widest[half] ?? 0, window + owed);
    if (owed <= 0) this.#owedSinceSeqs[half] = -1;
    else if (this.#owedSinceSeqs[half] === -1) this.#owedSinceSeqs[half] = seq;
  }

  onEnd({ outcome }: Ending): void {
    // While it still moves, or is turned away, a window at 0 is nothing out of the ordinary.
    if (outcome !== 'parked' && outcome !== 'livelocked') return;
    for (const half of HALVES) this.#judge(half, outcome);
  }

  #judge(index: number, outcome: Ending['outcome']): void {
    const { direction, half } = halfPlace(index);
    const { creditWindow, creditOwed, creditSeq, isPending } = this.#picture.of(direction)[half];
    if (!isPending || creditWindow !== 0 || creditOwed <= 0) return;
    const widest = this.#widest[index] ?? 0;
    this.#report({
      class: 'credit-leak',
      direction,
      half,
      seq: creditSeq,
      events: [this.#owedSinceSeqs[index] ?? -1],
      numbers: { window: creditWindow, owed: creditOwed, widest },
      meaning: `The window of the ${half} half of ${sideOf(direction, half)} is used up, and ${creditOwed} of its ${widest} bytes are used or dropped and were never given back: the peer may not send, and nothing will ever let it`,
      confidence: outcome === 'parked' ? 'certain' : 'likely',
    });
  }
}
