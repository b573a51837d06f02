import { Kind } from '../../trace/event-kind.ts';
import type { ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Ending, Reporter } from '../detector.ts';
import { HALVES, halfIndex, halfPlace } from '../half-place.ts';
import type { Report } from '../finding.ts';
import type { SeenEvent } from '../seen-event.ts';

/**
 * Polls without end that move nothing. Who wakes them tells the two classes apart: a stream that wakes itself from within
 * the poll, or something outside that says again and again that there is something to do.
 */
export const idleWakes: Detector = {
  classes: ['self-wake-storm', 'hang-up-loop'],
  kinds: [Kind.POLL, Kind.READ, Kind.WRITE, Kind.FLUSH, Kind.SHUTDOWN, Kind.STATE, Kind.WAKE],
  open: (picture, report) => new IdleWakes(picture, report),
};

/** So many polls in a row for nothing: some that an honest stream makes (a flag that wakes everybody, a lock) stay far below. */
const MOST_IDLE_POLLS = 1000;
/** Where somebody else has seen that nothing moves any more. */
const MOST_IDLE_POLLS_OF_A_LIVELOCK = 32;
/** Wakes from outside that come more slowly cost nothing: a keep-alive, a timer that looks around. */
const MOST_MS_BETWEEN_WAKES = 100;

/** The polls in a row for nothing to which one half was woken in one way. */
interface Run {
  polls: number;
  firstSeq: number;
  lastSeq: number;
  firstTickMs: number;
  isReported: boolean;
}

class IdleWakes implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;
  readonly #inside: readonly Run[] = HALVES.map(newRun);
  readonly #outside: readonly Run[] = HALVES.map(newRun);
  readonly #wakeSeqs = HALVES.map(() => -1);
  /** Bits of halves: woken since the latest call; woken before a call of the same poll; asked, and Pending. */
  #woken = 0;
  #wokenInside = 0;
  #pending = 0;
  /** Before the first poll there is nothing to judge. */
  #hasMoved = true;
  #hasRun = false;
  #lastTickMs = 0;
  /** The poll came long after the one before, or so did its repeats. */
  #isSlow = false;

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
  }

  onEvent(event: SeenEvent): void {
    switch (event.kind) {
      case Kind.POLL:
        this.#endPoll(MOST_IDLE_POLLS);
        this.#beginPoll(event);
        break;
      case Kind.WAKE:
        this.#woken |= 1 << halfIndex(event);
        this.#wakeSeqs[halfIndex(event)] = event.seq;
        break;
      case Kind.STATE:
        this.#hasMoved = true;
        break;
      default:
        // What was woken before a call of this poll has returned was woken from within the poll.
        this.#wokenInside |= this.#woken;
        this.#woken = 0;
        // A long message comes in pieces, and none of it before its end: bytes that moved beneath are progress, too.
        if (event.isPending && this.#picture.halfOf(event).innerBytes > 0) this.#hasMoved = true;
        else if (event.isPending) this.#pending |= 1 << halfIndex(event);
        // A flush that is done has moved no byte of the copy's.
        else if (event.kind !== Kind.FLUSH) this.#hasMoved = true;
    }
  }

  onEnd({ outcome }: Ending): void {
    this.#endPoll(outcome === 'livelocked' ? MOST_IDLE_POLLS_OF_A_LIVELOCK : MOST_IDLE_POLLS);
  }

  #beginPoll({ tickMs, lastTickMs, repeat }: SeenEvent): void {
    const sinceMs = repeat > 0 ? (lastTickMs - tickMs) / repeat : tickMs - this.#lastTickMs;
    this.#isSlow = sinceMs > MOST_MS_BETWEEN_WAKES;
    if (this.#isSlow && this.#hasRun) this.#outside.forEach(clear);
    this.#lastTickMs = Math.max(tickMs, lastTickMs);
    this.#woken = 0;
    this.#wokenInside = 0;
    this.#pending = 0;
    this.#hasMoved = false;
  }

  #endPoll(most: number): void {
    const { pollTickMs, pollTimes } = this.#picture;
    if (this.#hasMoved) {
      if (this.#hasRun) this.#forget();
      return;
    }
    const outside = this.#woken & this.#pending & ~this.#wokenInside;
    this.#hasRun = true;
    for (let half = 0; half < HALVES.length; half += 1) {
      const bit = 1 << half;
      const seq = this.#wakeSeqs[half] ?? -1;
      const one = this.#inside[half];
      const other = this.#outside[half];
      if (one === undefined || other === undefined) continue;
      if ((this.#wokenInside & bit) === 0) clear(one);
      else if (add(one, pollTimes, seq, pollTickMs) >= most) this.#found('self-wake-storm', half, one);
      if ((outside & bit) === 0) clear(other);
      else if (add(other, this.#isSlow ? 1 : pollTimes, seq, pollTickMs) >= most)
        this.#found('hang-up-loop', half, other);
    }
  }

  #forget(): void {
    this.#hasRun = false;
    this.#inside.forEach(clear);
    this.#outside.forEach(clear);
  }

  #found(name: 'self-wake-storm' | 'hang-up-loop', index: number, run: Run): void {
    if (run.isReported) return;
    run.isReported = true;
    const place = halfPlace(index);
    const picture = this.#picture.of(place.direction)[place.half];
    const { polls, firstSeq, lastSeq: seq } = run;
    const ms = Math.max(0, this.#lastTickMs - run.firstTickMs);
    const common = { ...place, seq, events: [firstSeq, picture.lastSeq], numbers: { polls, ms } };
    const what = `the ${place.half} half of ${place.side}`;
    if (name === 'self-wake-storm') {
      const meaning = `In ${polls} polls in a row ${what} was Pending and woken from within the very poll, and no byte moved: the task polls as fast as it can, for nothing`;
      this.#report({ class: name, ...common, meaning });
      return;
    }
    const { closedSeq, failedSeq, endedSeq } = picture;
    const saidSeq = Math.max(closedSeq, failedSeq, endedSeq);
    const why = saidSeq === -1 ? '' : ', although what carries it is over';
    const meaning = `In ${polls} polls in a row ${what} was woken from outside, asked, and Pending, and no byte moved: something is reported as ready for ever, and nobody looks at what it is${why}`;
    this.#report({
      class: name,
      ...common,
      events: [...common.events, saidSeq],
      meaning,
      ...(saidSeq === -1 ? UNTOLD : {}),
    });
  }
}

/** Without a word of what lies beneath, the wakes may also be the stream's own, a turn of the event loop later. */
const UNTOLD: Pick<Report, 'confidence' | 'readings'> = {
  confidence: 'likely',
  readings: [
    {
      class: 'self-wake-storm',
      why: 'the stream may call its waker itself, after the poll: from a timer or a microtask',
    },
  ],
};

function newRun(): Run {
  return { polls: 0, firstSeq: -1, lastSeq: -1, firstTickMs: 0, isReported: false };
}

function clear(run: Run): void {
  run.polls = 0;
  run.isReported = false;
}

function add(run: Run, polls: number, seq: number, tickMs: number): number {
  if (run.polls === 0) {
    run.firstSeq = seq;
    run.firstTickMs = tickMs;
  }
  run.polls += polls;
  run.lastSeq = seq;
  return run.polls;
}
