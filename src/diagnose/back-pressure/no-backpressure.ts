import { Kind } from '../../trace/event-kind.ts';
import { sideOf, type ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Reporter } from '../detector.ts';
import type { SeenEvent } from '../seen-event.ts';

/**
 * A writer that always takes: what it cannot send lies in memory, more and more of it. A healthy one says Pending from its mark on;
 * one chunk that was given to it whole may lie on top.
 */
export const noBackpressure: Detector = {
  classes: ['no-backpressure'],
  kinds: [Kind.WRITE, Kind.QUEUE],
  open: (picture, report) => new NoBackpressure(picture, report),
};

/** Of a writer that names no mark. */
const MARK_WHERE_NONE_IS_NAMED = 16 << 20;
/** So many times the mark, and the largest chunk on top: headers and control frames are in no adapter's mark. */
const MARKS = 2;

/** What is known of one write half. */
interface Writer {
  /** The most that one write took. */
  largest: number;
  /** Where records are missing that were seen to be so. */
  gapSeq: number;
  /** The queue has been at its mark since this event. */
  aboveSinceSeq: number;
  /** The latest `queue` that is still to be judged, with the write that it may be a part of; −1: none. */
  queuedSeq: number;
  queued: number;
  mark: number;
}

class NoBackpressure implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;
  readonly #up: Writer = newWriter();
  readonly #down: Writer = newWriter();

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
  }

  onEvent(event: SeenEvent): void {
    if (event.half === 'read') return;
    const writer = event.isDown ? this.#down : this.#up;
    if (event.kind === Kind.QUEUE) {
      writer.queuedSeq = event.seq;
      writer.queued = event.n;
      writer.mark = event.offered;
      return;
    }
    const took = Math.min(event.n, event.offered);
    if (took > writer.largest) writer.largest = took;
    if (writer.queuedSeq !== -1) this.#judge(writer, event.isDown);
  }

  onEnd(): void {
    this.#judge(this.#up, false);
    this.#judge(this.#down, true);
  }

  #judge(writer: Writer, isDown: boolean): void {
    const { queuedSeq: seq, queued, mark: named } = writer;
    if (seq === -1) return;
    writer.queuedSeq = -1;
    const { gapSeq } = this.#picture;
    if (gapSeq !== writer.gapSeq) {
      // What lies there may be one chunk, whose write is missing.
      writer.gapSeq = gapSeq;
      writer.largest = Math.max(writer.largest, queued);
    }
    const mark = named > 0 ? named : MARK_WHERE_NONE_IS_NAMED;
    if (queued < mark) {
      writer.aboveSinceSeq = -1;
      return;
    }
    if (writer.aboveSinceSeq === -1) writer.aboveSinceSeq = seq;
    const { largest } = writer;
    if (queued <= MARKS * mark + largest) return;
    const direction = isDown ? 'b -> a' : 'a -> b';
    const said = named > 0 ? `its mark is ${named}` : 'it names no mark';
    this.#report({
      class: 'no-backpressure',
      direction,
      half: 'write',
      seq,
      events: [writer.aboveSinceSeq, this.#picture.of(direction).write.lastSeq],
      numbers: { queued, mark: named, largest },
      confidence: named > 0 ? 'certain' : 'likely',
      meaning: `The write half of ${sideOf(direction, 'write')} holds ${queued} bytes that are not sent, and has gone on taking more: ${said}, and the largest write was ${largest} bytes; a peer that reads slowly makes the relay's memory grow without end`,
    });
  }
}

function newWriter(): Writer {
  return { largest: 0, gapSeq: -1, aboveSinceSeq: -1, queuedSeq: -1, queued: 0, mark: 0 };
}
