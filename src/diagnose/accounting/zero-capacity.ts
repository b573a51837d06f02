import { Flag, Kind } from '../../trace/event-kind.ts';
import type { ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Ending, Reporter } from '../detector.ts';
import type { SeenEvent } from '../seen-event.ts';

/**
 * A buffer of no size. A read into it gives 0 bytes, which looks like the end of the stream; a copy that reads only where
 * there is room goes round without a call. The same beneath an adapter: its own buffer has no room, and it takes the 0 for an end.
 */
export const zeroCapacity: Detector = {
  classes: ['zero-capacity'],
  kinds: [Kind.READ, Kind.WRITE, Kind.LOOP, Kind.INNER_READ],
  open: (picture, report) => new ZeroCapacity(picture, report),
};

class ZeroCapacity implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;
  /** A loop over an empty buffer that came before any read of its direction. */
  readonly #loops: [number, number] = [-1, -1];
  /** Whether this trace tells what was offered: one from elsewhere may leave it out, which reads as 0. */
  #tellsRoom = false;

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
  }

  onEvent(event: SeenEvent): void {
    if (event.kind === Kind.LOOP) {
      this.#loop(event);
      return;
    }
    if (event.offered > 0) {
      this.#tellsRoom = true;
      return;
    }
    if (event.n !== 0 || event.offered !== 0 || (event.head & (Flag.CHUNK | Flag.FAILED)) !== 0) return;
    if (event.kind === Kind.READ) this.#read(event);
    else if (event.kind === Kind.INNER_READ) this.#innerRead(event);
  }

  onEnd({ outcome, direction }: Ending): void {
    if (outcome !== 'spinning') return;
    for (const isDown of [false, true]) {
      const seq = this.#loops[isDown ? 1 : 0];
      if (seq !== -1 && (direction === undefined || (direction === 'b -> a') === isDown)) this.#spins(isDown, seq, 0);
    }
  }

  #read({ seq, direction, pos, cap }: SeenEvent): void {
    if (!this.#tellsRoom && this.#picture.dialect === null) return;
    this.#report({
      class: 'zero-capacity',
      direction,
      half: 'read',
      seq,
      numbers: { room: 0, pos, cap },
      meaning:
        'A read was offered room for 0 bytes and gave 0, which the copy takes for the end of the stream: nothing of it was read, and nobody is told',
    });
  }

  #innerRead({ seq, direction }: SeenEvent): void {
    if (!this.#tellsRoom) return;
    this.#report({
      class: 'zero-capacity',
      direction,
      half: 'read',
      seq,
      numbers: { room: 0 },
      meaning:
        'The adapter offered the stream beneath it room for 0 bytes and got 0: that is no end of the stream, though it looks like one',
    });
  }

  #loop(event: SeenEvent): void {
    if (event.cap !== 0 || event.pos !== 0 || event.readDone) return;
    const { reads } = this.#picture.of(event.direction);
    if (reads > 0 || this.#picture.gapSeq !== -1) return;
    this.#loops[event.isDown ? 1 : 0] = event.seq;
    if (event.repeat > 0) this.#spins(event.isDown, event.seq, event.repeat);
  }

  #spins(isDown: boolean, seq: number, repeat: number): void {
    this.#report({
      class: 'zero-capacity',
      direction: isDown ? 'b -> a' : 'a -> b',
      seq,
      numbers: { pos: 0, cap: 0, iterations: 1 + repeat },
      meaning:
        'The loop goes round with pos 0 and cap 0 and has never read: its buffer has no room, so there is nothing to read into, and nothing to write',
    });
  }
}
