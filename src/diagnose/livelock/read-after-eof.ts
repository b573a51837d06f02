import { Kind } from '../../trace/event-kind.ts';
import type { ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Reporter } from '../detector.ts';
import type { SeenEvent } from '../seen-event.ts';

/** A reader that has said that there is no more is asked for more: the end was forgotten, or never looked at. */
export const readAfterEof: Detector = {
  classes: ['read-after-eof'],
  kinds: [Kind.READ],
  open: (picture, report) => new ReadAfterEof(picture, report),
};

class ReadAfterEof implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
  }

  onEvent(event: SeenEvent): void {
    const { readDoneSeq } = event.isDown ? this.#picture.bToA : this.#picture.aToB;
    // Where the read of the end itself is not in the trace, the flag says that the copy knew of it.
    if (readDoneSeq === -1 && !(event.readDone && event.n !== 0)) return;
    const { seq, n, direction } = event;
    const got = event.hasFailed ? 'which failed' : event.isPending ? 'which waits for ever' : `which gave ${n} bytes`;
    this.#report({
      class: 'read-after-eof',
      direction,
      seq,
      events: [readDoneSeq],
      numbers: event.isPending || event.hasFailed ? {} : { bytes: n },
      meaning: `The reader had given 0 bytes, the end of its stream, and was read again, ${got}: what a stream does after its end is nobody's promise`,
    });
  }
}
