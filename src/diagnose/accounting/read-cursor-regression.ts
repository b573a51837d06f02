import { Kind } from '../../trace/event-kind.ts';
import type { ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Reporter } from '../detector.ts';
import type { SeenEvent } from '../seen-event.ts';

/**
 * A read that leaves less in the buffer than there was. In this port it is a count below 0; elsewhere the mark of what is
 * filled has gone back. Where bytes were still to be written, pos has passed cap then, and no writer is to blame for it.
 */
export const readCursorRegression: Detector = {
  classes: ['read-cursor-regression'],
  kinds: [Kind.READ, Kind.WRITE],
  open: (picture, report) => new ReadCursorRegression(picture, report),
};

class ReadCursorRegression implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
  }

  onEvent(event: SeenEvent): void {
    if (event.kind === Kind.READ && !event.hasFailed && !event.isPending && !(event.n >= 0)) this.#wrongCount(event);
    else if (event.pos > 0) this.#wentBack(event);
  }

  #wrongCount(event: SeenEvent): void {
    const { seq, n, pos, cap, offered, direction, strange } = event;
    const text = strange === null ? String(n) : `no number, but of type ${strange.type}`;
    const left = pos < cap ? `, with ${cap - pos} bytes still to be written` : '';
    const isNumber = Number.isFinite(n);
    const then = isNumber
      ? `the buffer is ${-n} bytes shorter than before, and whatever of pos ${pos} lies behind its end looks like the writer's fault`
      : 'the end of the buffer is no number any more, and no comparison with it is true';
    this.#report({
      class: 'read-cursor-regression',
      direction,
      half: 'read',
      seq,
      numbers: { pos, cap, room: offered, ...(isNumber ? { reported: n, capAfter: cap + n } : {}) },
      meaning: `A read into room for ${offered} bytes reported ${text}${left}: ${then}`,
    });
  }

  /** pos has stayed where it was, so nothing was reset; a cap that is lower than in the call before has gone back. */
  #wentBack(event: SeenEvent): void {
    const before = this.#picture.of(event.direction);
    const { read } = before;
    if (event.pos !== before.pos || !(event.cap < before.cap)) return;
    // Only if the read came after everything that could have been lost, and was the latest to touch the buffer.
    if (read.lastSeq < this.#picture.gapSeq || read.lastSeq < before.write.lastSeq) return;
    // Its own count has said so already.
    if (!(read.lastN >= 0)) return;
    const { seq, pos, cap, direction } = event;
    this.#report({
      class: 'read-cursor-regression',
      direction,
      half: 'read',
      seq: read.lastSeq,
      events: [seq],
      numbers: { pos, cap: before.cap, capAfter: cap },
      meaning: `A read found ${before.cap} bytes in the buffer and left ${cap}, while pos stood at ${pos}: ${before.cap - cap} bytes that had been read are gone`,
    });
  }
}
