import type { ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Ending, Reporter } from '../detector.ts';
import type { DirectionPicture } from '../direction-picture.ts';
import type { Report } from '../finding.ts';
import { NONE } from '../half-picture.ts';
import { unwritten } from '../unwritten.ts';

/**
 * One direction is done, and the other waits for a reader that has nothing more to say. That alone is lawful: a download
 * looks so, and a client that has asked and waits. It is a linger if the end has come beneath and was not told, if nothing
 * can ever come (only a simulator knows that), or if nobody has said a thing for very long.
 */
export const halfCloseLinger: Detector = {
  classes: ['half-close-linger'],
  kinds: [],
  open: (picture, report) => new HalfCloseLinger(picture, report),
};

/** As long as a stateful filter on the way remembers a half-closed connection: where somebody has called it stuck. */
const STUCK_SILENT_MS = 60_000;
const AT_WORK_MS = 1000;
/** Where nobody has. Longer than an answer takes. */
const OPEN_SILENT_MS = 600_000;

class HalfCloseLinger implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
  }

  onEnd(ending: Ending): void {
    if (ending.outcome === 'completed' || ending.outcome === 'failed') return;
    const { aToB, bToA } = this.#picture;
    for (const [done, idle] of [
      [aToB, bToA],
      [bToA, aToB],
    ] as const) {
      if (!isDone(done) || !this.#isIdle(idle)) continue;
      const report =
        this.#untoldEnd(done, idle, ending) ?? this.#never(done, idle, ending) ?? silence(done, idle, ending);
      if (report !== null) this.#report(report);
    }
  }

  /** It runs, has nothing in hand, and waits to be woken for the next read; of what is not polled, that it waits is not told. */
  #isIdle(idle: DirectionPicture): boolean {
    const { state, readDone, readDoneSeq, shutdowns, read, write } = idle;
    if (state !== 0 || readDone || readDoneSeq !== NONE || shutdowns > 0 || unwritten(idle) > 0 || write.isPending)
      return false;
    switch (this.#picture.note?.sight) {
      case 'streams':
        return read.failedSeq === NONE && read.closedSeq === NONE;
      case 'calls':
        return read.isPending;
      case undefined:
        return read.isParked;
    }
  }

  /** Beneath, the stream has ended, and the latest read, which came after that, still waits. */
  #untoldEnd(done: DirectionPicture, idle: DirectionPicture, { outcome, atMs }: Ending): Report | null {
    const { read } = idle;
    const endSeq = Math.max(read.innerEndSeq, read.endedSeq, read.closedSeq);
    if (endSeq === NONE || endSeq > read.lastSeq || !read.isPending) return null;
    // An adapter may still be at work on what came before the end.
    if (outcome === 'open' && atMs - read.lastTickMs < AT_WORK_MS) return null;
    return {
      ...common(done, idle),
      seq: endSeq,
      events: [done.stateSeq, endSeq, read.lastSeq],
      meaning: `${done.direction} is done, and what ${idle.direction} reads has ended, but its read goes on waiting: the end was swallowed on its way up, so the copy never ends`,
      lookAt:
        'What the adapter makes of the end of the stream beneath it, of a Close frame, of a close event: each has to become a read of 0, and to wake who waits.',
    };
  }

  /** Nothing can come any more, and what might have made the other side silent is all in order. */
  #never(done: DirectionPicture, idle: DirectionPicture, { isForGood }: Ending): Report | null {
    if (isForGood !== true || idle.read.readableSeq !== NONE || idle.read.queue > 0) return null;
    const hasArrived = done.write.ledger === -1 || done.write.ledger >= done.writtenBytes;
    const hasEnded = !done.read.hasInner || done.read.innerEndSeq !== NONE;
    const isWhole = this.#picture.gapSeq === NONE;
    if (isWhole && !(hasArrived && hasEnded)) return null;
    return {
      ...common(done, idle),
      meaning: `${done.direction} is done after ${done.writtenBytes} bytes, and ${idle.direction} waits for a read that will never be answered: nothing bounds that wait`,
    };
  }
}

/** By its state, or, where none is recorded, by its shutdown. */
function isDone({ state, shutDownSeq, write }: DirectionPicture): boolean {
  return state === 2 || (shutDownSeq !== NONE && shutDownSeq === write.lastSeq);
}

function silence(done: DirectionPicture, idle: DirectionPicture, { outcome, atMs }: Ending): Report | null {
  const sinceMs = Math.max(done.stateTickMs, done.write.lastTickMs, done.movedTickMs, idle.movedTickMs);
  const silentMs = Math.floor(atMs - sinceMs);
  const limitMs = outcome === 'parked' ? STUCK_SILENT_MS : outcome === 'open' ? OPEN_SILENT_MS : Infinity;
  if (silentMs < limitMs) return null;
  const { numbers, ...rest } = common(done, idle);
  return {
    ...rest,
    numbers: { ...numbers, silentMs },
    meaning: `${done.direction} is done, and ${idle.direction} has brought nothing for ${Math.floor(silentMs / 1000)} s since: nothing bounds that wait`,
    confidence: 'likely',
    readings: [
      { class: 'dead-peer', why: 'the peer may be gone without a word: nobody has asked it for a sign of life' },
    ],
  };
}

function common(done: DirectionPicture, idle: DirectionPicture) {
  return {
    class: 'half-close-linger',
    direction: idle.direction,
    half: 'read',
    seq: Math.max(done.stateSeq, idle.read.lastSeq),
    events: [done.stateSeq, idle.read.lastSeq],
    numbers: { doneBytes: done.writtenBytes, idleBytes: idle.writtenBytes },
  } as const satisfies Partial<Report>;
}
