import { Kind, SocketState } from '../../trace/event-kind.ts';
import { sideOf, type ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Ending, Reporter } from '../detector.ts';
import type { DirectionPicture } from '../direction-picture.ts';
import { NONE } from '../half-picture.ts';
import type { SeenEvent } from '../seen-event.ts';

/**
 * A peer that is gone, on a connection that nobody has closed. Idleness proves nothing: it has to have been asked for a sign
 * of life and to have given none, or to have let what was sent to it lie for very long.
 */
export const deadPeer: Detector = {
  classes: ['dead-peer'],
  kinds: [Kind.SOCKET, Kind.QUEUE],
  open: (picture, report) => new DeadPeer(picture, report),
};

/** Asked twice or more, and this long without a sign since the first time. */
const UNANSWERED_MS = 10_000;
/** Asked once. */
const UNANSWERED_ONCE_MS = 60_000;
/** A reader that has paused lets bytes lie, too. */
const STUCK_UNDRAINED_MS = 60_000;
const OPEN_UNDRAINED_MS = 600_000;

/** What is asked of the peer of one side. */
class Questions {
  asks = 0;
  firstSeq = NONE;
  firstMs = 0;
  lastSeq = NONE;

  ask(event: SeenEvent, times: number): void {
    if (this.asks === 0) {
      this.firstSeq = event.seq;
      this.firstMs = event.tickMs;
    }
    this.asks += times;
    this.lastSeq = event.seq;
  }
}

/** What waits in one direction to be sent. */
class Backlog {
  bytes = 0;
  /** When it has last become less, or begun. */
  sinceMs = 0;

  became(bytes: number, nowMs: number): void {
    if (this.bytes === 0 || bytes < this.bytes) this.sinceMs = nowMs;
    this.bytes = bytes;
  }
}

class DeadPeer implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;
  readonly #ofA = new Questions();
  readonly #ofB = new Questions();
  readonly #backlogs: readonly [Backlog, Backlog] = [new Backlog(), new Backlog()];

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
  }

  onEvent(event: SeenEvent): void {
    const { half } = event;
    if (event.kind === Kind.QUEUE) {
      if (half === 'write') this.#backlogs[event.isDown ? 1 : 0].became(event.n, event.tickMs);
      return;
    }
    const isA = sideOf(event.direction, half) === 'a';
    const questions = isA ? this.#ofA : this.#ofB;
    const reading = isA ? this.#picture.aToB : this.#picture.bToA;
    const writing = isA ? this.#picture.bToA : this.#picture.aToB;
    switch (event.n) {
      case SocketState.ASKED:
        // A Close that wants its answer is no question whether anybody is there.
        if (half === 'write' && writing.state !== 0) return;
        if (reading.gaveSeq > questions.lastSeq) questions.asks = 0;
        questions.ask(event, this.#picture.pollTimes);
        break;
      case SocketState.ANSWERED:
      case SocketState.ENDED:
      case SocketState.CLOSED:
      case SocketState.FAILED:
        questions.asks = 0;
        break;
      default:
    }
  }

  onEnd(ending: Ending): void {
    if (ending.outcome === 'completed' || ending.outcome === 'failed') return;
    const { aToB, bToA } = this.#picture;
    for (const [reading, writing, questions, backlog] of [
      [aToB, bToA, this.#ofA, this.#backlogs[1]],
      [bToA, aToB, this.#ofB, this.#backlogs[0]],
    ] as const) {
      if (!this.#isUnanswered(reading, questions, ending)) this.#undrained(reading, writing, backlog, ending);
    }
  }

  #isUnanswered(reading: DirectionPicture, { asks, firstSeq, firstMs, lastSeq }: Questions, { atMs }: Ending): boolean {
    const silentMs = Math.floor(atMs - firstMs);
    if (asks === 0 || reading.gaveSeq > lastSeq || reading.readDone) return false;
    if (silentMs < (asks > 1 ? UNANSWERED_MS : UNANSWERED_ONCE_MS)) return false;
    const side = sideOf(reading.direction, 'read');
    this.#report({
      class: 'dead-peer',
      direction: reading.direction,
      half: 'read',
      seq: lastSeq,
      events: [reading.gaveSeq, firstSeq, lastSeq],
      numbers: { asks, silentMs },
      meaning: `The peer of ${side} was asked ${asks === 1 ? 'once' : `${asks} times`} for a sign of life and has given none for ${seconds(silentMs)}, and its connection is still taken for open`,
      confidence: 'likely',
      readings: [
        {
          class: 'control-frame-coupling',
          why: 'the peer may be there, and its answer stuck behind what it has to send',
        },
      ],
    });
    return true;
  }

  #undrained(reading: DirectionPicture, writing: DirectionPicture, backlog: Backlog, { outcome, atMs }: Ending): void {
    const { write } = writing;
    const isBlocked = write.isPending && write.lastKind === Kind.WRITE && write.queue > 0;
    if (!isBlocked || reading.state !== 0 || writing.state !== 0) return;
    const sinceMs = Math.max(backlog.sinceMs, write.pendingSinceTickMs, writing.tookTickMs, reading.movedTickMs);
    const stillMs = Math.floor(atMs - sinceMs);
    const limitMs = outcome === 'parked' ? STUCK_UNDRAINED_MS : outcome === 'open' ? OPEN_UNDRAINED_MS : Infinity;
    // Both blocked: that is a deadlock, and another class.
    if (stillMs < limitMs || (reading.write.isPending && reading.write.lastKind === Kind.WRITE)) return;
    this.#report({
      class: 'dead-peer',
      direction: writing.direction,
      half: 'write',
      seq: write.lastSeq,
      events: [write.pendingSinceSeq, write.queueSeq, write.lastSeq],
      numbers: { queued: write.queue, stillMs },
      meaning: `${write.queue} bytes of ${writing.direction} have waited for ${seconds(stillMs)} to be sent, none was taken, and nothing came back: nobody may be there any more`,
      confidence: 'possible',
      readings: [
        { class: 'mutual-write-deadlock', why: 'the peer may be there, and itself wait to write before it reads' },
      ],
    });
  }
}

function seconds(ms: number): string {
  return `${Math.floor(ms / 1000)} s`;
}
