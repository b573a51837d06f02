import { Kind } from '../../trace/event-kind.ts';
import type { ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Ending, Reporter } from '../detector.ts';
import type { DirectionPicture } from '../direction-picture.ts';
import { NONE } from '../half-picture.ts';
import type { SeenEvent } from '../seen-event.ts';
import { unwritten } from '../unwritten.ts';
import { isOver } from './is-over.ts';

/**
 * The end of one side that the other is never told of: by a copy that does not shut the writer down, or by an adapter that
 * answers its shutdown and does nothing beneath.
 */
export const eofNotPropagated: Detector = {
  classes: ['eof-not-propagated'],
  kinds: [Kind.STATE, Kind.SHUTDOWN],
  open: (picture, report) => new EofNotPropagated(picture, report),
};

/** Who goes on to the shutdown does so at once; a loop that is not ours, within a turn of the event loop or a few. */
const LEFT_ALONE_MS = 10_000;

class EofNotPropagated implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;
  /** The call of the write half before the first shutdown: what lies beneath that is older has nothing to do with it. */
  readonly #before: [number, number] = [NONE, NONE];

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
  }

  onEvent(event: SeenEvent): void {
    const direction = event.isDown ? this.#picture.bToA : this.#picture.aToB;
    if (event.kind === Kind.SHUTDOWN) {
      if (direction.shutdowns === 0) this.#before[event.isDown ? 1 : 0] = direction.write.lastSeq;
    } else if (event.state === 2 && this.#knowsEndOf(direction) && !isShutDown(direction)) {
      this.#tell(direction, event.seq, 'was called done');
    }
  }

  onEnd(ending: Ending): void {
    const { aToB, bToA } = this.#picture;
    for (const direction of [aToB, bToA]) {
      if (this.#isLeftOpen(direction, ending)) {
        this.#tell(direction, direction.readDoneSeq, ending.outcome === 'completed' ? 'was over' : 'was left at that');
      } else if (this.#isSwallowed(direction, ending)) this.#tellSwallowed(direction);
    }
  }

  /** Everything up to the end is written, nothing is waited for, and no shutdown was ever called. */
  #isLeftOpen(direction: DirectionPicture, { outcome, atMs, isForGood = false }: Ending): boolean {
    const { shutdowns, state, write } = direction;
    if (!this.#knowsEndOf(direction) || shutdowns > 0 || state !== 0 || unwritten(direction) > 0 || write.isPending)
      return false;
    // Its writer had gone before: there was nobody left to be told.
    if (write.closedSeq !== NONE && write.closedSeq < direction.readDoneSeq) return false;
    // If the other is not over, both were dropped: that is another class.
    if (outcome === 'completed') return isOver(this.#picture.opposite(direction.direction));
    // What was called parked may have come to its end since, and the trace have ended before its next call.
    return (outcome === 'parked' && isForGood) || (isAtEnd(outcome) && this.#isLeftAlone(direction, atMs));
  }

  /** The shutdown was answered, and from its first call on nothing was called of the stream beneath. */
  #isSwallowed({ direction, shutDownSeq, write }: DirectionPicture, { outcome }: Ending): boolean {
    const before = this.#before[direction === 'a -> b' ? 0 : 1];
    if (shutDownSeq === NONE || (this.#picture.gapSeq !== NONE && this.#picture.gapSeq > before)) return false;
    if (!write.hasInner && !this.#picture.sibling(direction, 'write').hasInner) return false;
    if (write.innerSeq > before || write.endSentSeq !== NONE) return false;
    return outcome === 'completed' || outcome === 'parked' || (outcome === 'open' && this.#wasPolledAfter(shutDownSeq));
  }

  /** The read of 0 was seen, and nothing is missing since. */
  #knowsEndOf({ readDoneSeq }: DirectionPicture): boolean {
    return readDoneSeq !== NONE && readDoneSeq >= this.#picture.gapSeq;
  }

  #isLeftAlone({ read, write }: DirectionPicture, atMs: number): boolean {
    const lateMs = atMs - Math.max(read.lastTickMs, write.lastTickMs);
    return this.#wasPolledAfter(Math.max(read.lastSeq, write.lastSeq)) || lateMs >= LEFT_ALONE_MS;
  }

  /** One poll later, a copy that goes on to the shutdown would have done so. */
  #wasPolledAfter(seq: number): boolean {
    return this.#picture.pollSeq > seq;
  }

  #tell({ direction, readDoneSeq, writtenBytes, shutdowns, write }: DirectionPicture, seq: number, how: string): void {
    const what = shutdowns === 0 ? 'without a shutdown' : 'though its shutdown was still Pending';
    this.#report({
      class: 'eof-not-propagated',
      direction,
      half: 'write',
      seq,
      events: [readDoneSeq, write.lastSeq, seq],
      numbers: { bytes: writtenBytes, shutdowns },
      meaning: `${direction} has read its end and written all ${writtenBytes} bytes, and ${how} ${what}: its writer's peer is never told that no more will come`,
    });
  }

  #tellSwallowed({ direction, readDoneSeq, shutDownSeq, writtenBytes, shutdowns }: DirectionPicture): void {
    this.#report({
      class: 'eof-not-propagated',
      direction,
      half: 'write',
      seq: shutDownSeq,
      events: [readDoneSeq, shutDownSeq],
      numbers: { bytes: writtenBytes, shutdowns },
      meaning: `The shutdown of ${direction} was answered, and nothing was called beneath it: the end stops in the adapter, and unless what it has sent says by itself that it is all, its peer is never told`,
      confidence: 'likely',
      lookAt:
        'pollShutdown of the adapter: it has to flush what it holds, pass the end on (a FIN, an end message, close_notify), and be done only then.',
    });
  }
}

function isAtEnd(outcome: Ending['outcome']): boolean {
  return outcome === 'parked' || outcome === 'open';
}

function isShutDown({ write }: DirectionPicture): boolean {
  // A writer that was closed sends its peer the end, if no better one.
  return (write.lastKind === Kind.SHUTDOWN && !write.isPending) || write.closedSeq !== NONE;
}
