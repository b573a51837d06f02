import { EVENT_KINDS, Kind } from '../../trace/event-kind.ts';
import type { ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Reporter } from '../detector.ts';
import type { SeenEvent } from '../seen-event.ts';

const DONE = 2;

/** A direction that is done does I/O again: the copy polls it because the other one is not done yet. */
export const polledAfterDone: Detector = {
  classes: ['polled-after-done'],
  kinds: [Kind.READ, Kind.WRITE, Kind.FLUSH, Kind.SHUTDOWN, Kind.LOOP],
  open: (picture, report) => new PolledAfterDone(picture, report),
};

class PolledAfterDone implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
  }

  onEvent(event: SeenEvent): void {
    const direction = event.isDown ? this.#picture.bToA : this.#picture.aToB;
    const isDone = direction.state === DONE;
    // Who tells no states has still said that the writer is shut down.
    if (!isDone && !(event.kind === Kind.WRITE && direction.shutDownSeq !== -1)) return;
    // A stream that pushes may be written to while its close is on its way: it refuses, and nothing comes of it.
    if (event.hasFailed && this.#picture.note?.sight === 'streams') return;
    const name = EVENT_KINDS[event.kind] ?? '';
    const what = event.kind === Kind.LOOP ? 'goes round its loop again' : `makes a ${name} again`;
    this.#report({
      class: 'polled-after-done',
      direction: event.direction,
      seq: event.seq,
      events: [isDone ? direction.stateSeq : direction.shutDownSeq],
      meaning: `The direction was done, its writer shut down, and it ${what}: whoever polls it asks only whether the other one is done`,
    });
  }
}
