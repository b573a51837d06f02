import { halfIndex } from '../half-place.ts';
import { Kind } from '../../trace/event-kind.ts';
import { sideOf, type ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Reporter } from '../detector.ts';
import { NONE } from '../half-picture.ts';
import type { SeenEvent } from '../seen-event.ts';
import { HALVES, nameOf } from './halves.ts';

/**
 * A half that registers in the very slot in which the other half of the same stream still waits. Where slots are not told
 * it shows only in that nobody is woken: lost-wake.ts.
 */
export const wakerOverwritten: Detector = {
  classes: ['waker-overwritten'],
  kinds: [Kind.REGISTER],
  open: (picture, report) => new WakerOverwritten(picture, report),
};

class WakerOverwritten implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;
  /** Of each half: its latest call has registered in two slots, and whoever takes one leaves it the other. */
  readonly #hasTwo = [false, false, false, false];

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
  }

  onEvent(event: SeenEvent): void {
    const slot = event.n;
    if (!(slot > 0)) return;
    const picture = this.#picture;
    const index = halfIndex(event);
    const own = picture.halfOf(event);
    this.#hasTwo[index] = own.registeredInCallSeq !== NONE && (own.slot !== slot || this.#hasTwo[index] === true);
    const victim = picture.sibling(event.direction, event.half);
    if (victim.slot !== slot || !victim.isParked || picture.gapSeq > victim.registeredSeq) return;
    // The other half of the same stream stands at the other end of the table.
    if (this.#hasTwo[HALVES.length - 1 - index] === true) return;
    const { half } = victim;
    const direction = event.isDown ? 'a -> b' : 'b -> a';
    const other = nameOf(event);
    this.#report({
      class: 'waker-overwritten',
      direction,
      half,
      seq: event.seq,
      events: [victim.registeredSeq],
      numbers: { slot },
      meaning: `${capital(other)} has registered in slot ${slot}, in which ${nameOf({ direction, half })} was waiting: ${sideOf(direction, half)} has one place for two wakers, and whoever came first is not woken any more`,
    });
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
