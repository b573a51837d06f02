import { Kind } from '../../trace/event-kind.ts';
import { sideOf, type ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Ending, Reporter } from '../detector.ts';
import type { Direction } from '../../poll/direction.ts';

/** What a `blocked` event says that a half waits for. */
const OTHER_HALF = 1;

/**
 * A reader that waits for its own stream's writer, to answer a ping with: where the peer in turn reads only once it is read, that
 * is a circle within one connection.
 */
export const controlFrameCoupling: Detector = {
  classes: ['control-frame-coupling'],
  kinds: [Kind.BLOCKED],
  open: (picture, report) => new ControlFrameCoupling(picture, report),
};

class ControlFrameCoupling implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;
  #isSeen = false;

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
  }

  onEvent(): void {
    this.#isSeen = true;
  }

  /** To wait for a moment, until the writer has room, is no fault: it is where the connection stands still with it. */
  onEnd({ outcome }: Ending): void {
    if (!this.#isSeen || outcome === 'completed' || outcome === 'open') return;
    this.#judge('a -> b', outcome);
    this.#judge('b -> a', outcome);
  }

  #judge(direction: Direction, outcome: Ending['outcome']): void {
    const { read, gaveSeq } = this.#picture.of(direction);
    const writer = this.#picture.sibling(direction, 'read');
    const isStill = read.isPending && read.blockedOn === OTHER_HALF && read.blockedSeq > gaveSeq;
    if (!isStill || !writer.isPending) return;
    const side = sideOf(direction, 'read');
    const queued = writer.queue > 0 ? ` (${writer.queue} bytes wait there, mark ${writer.queueMark})` : '';
    this.#report({
      class: 'control-frame-coupling',
      direction,
      half: 'read',
      seq: read.blockedSeq,
      events: [read.lastSeq, writer.lastSeq, writer.queueSeq],
      numbers: writer.queue >= 0 ? { queued: writer.queue, mark: writer.queueMark } : {},
      meaning: `The read half of ${side} reads on only once its own write half has room for what it has to answer, and that one is full${queued}: a peer that is not read does not read either, and nothing of the connection moves`,
      ...(outcome === 'parked' || outcome === 'livelocked' ? {} : { confidence: 'likely' }),
    });
  }
}
