import { Kind } from '../../trace/event-kind.ts';
import type { ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Ending, Reporter } from '../detector.ts';
import type { DirectionPicture } from '../direction-picture.ts';
import type { Report } from '../finding.ts';
import type { SeenEvent } from '../seen-event.ts';

/**
 * In poll after poll one direction moves, and the other, though it was woken, is turned away: the budget of the task is used
 * up before it has its turn. A direction that is asked and has nothing is idle, and no concern of this.
 */
export const directionStarved: Detector = {
  classes: ['direction-starved'],
  kinds: [Kind.POLL, Kind.READ, Kind.WRITE, Kind.FLUSH, Kind.SHUTDOWN, Kind.WAKE],
  open: (picture, report) => new DirectionStarved(picture, report),
};

/** For so many polls in a row. */
const MOST_POLLS = 32;
/**
 * What is turned away within its call looks like a stream that wakes itself. It was turned away if the other direction had
 * used up most of a budget of 128 in the same poll.
 */
const CALLS_OF_A_BUDGET = 64;

/** What one direction has done in the poll under way, and for how long it has been turned away. */
class Turn {
  readonly picture: DirectionPicture;
  readonly isDown: boolean;
  /** Calls of this poll that moved something, and whether any was made. */
  moved = 0;
  isCalled = false;
  /** The latest call of it was Pending, and woke it. */
  isRefused = false;
  /** Woken since its latest call: by whoever turned it away, or from outside, by somebody who had something for it. */
  isDue = false;
  isWokenFromOutside = false;
  cameAgainSeq = -1;
  refusedPolls = 0;
  firstSeq = -1;
  lastSeq = -1;
  isKnown = false;

  constructor(picture: DirectionPicture, isDown: boolean) {
    this.picture = picture;
    this.isDown = isDown;
  }

  beginPoll(): void {
    this.moved = 0;
    this.isCalled = false;
    this.isRefused = false;
  }

  forget(): void {
    this.refusedPolls = 0;
    this.isKnown = false;
  }
}

class DirectionStarved implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;
  readonly #up: Turn;
  readonly #down: Turn;

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
    this.#up = new Turn(picture.aToB, false);
    this.#down = new Turn(picture.bToA, true);
  }

  onEvent(event: SeenEvent): void {
    const turn = event.isDown ? this.#down : this.#up;
    switch (event.kind) {
      case Kind.POLL:
        this.#endPoll();
        break;
      case Kind.WAKE:
        this.#woken(turn, event);
        break;
      default:
        turn.isCalled = true;
        turn.isRefused = event.isPending && turn.isDue && !turn.isWokenFromOutside;
        turn.isDue = false;
        turn.isWokenFromOutside = false;
        if (!event.isPending && event.kind <= Kind.WRITE) this.#moved(turn, event);
    }
  }

  onEnd({ outcome, direction }: Ending): void {
    if (this.#picture.pollSeq === -1) return;
    this.#endPoll();
    for (const turn of [this.#up, this.#down]) {
      if (turn.refusedPolls < MOST_POLLS || turn.isKnown) continue;
      const isReadable = turn.picture.read.readableSeq > turn.picture.read.lastSeq;
      if (isReadable) this.#found(turn, turn.picture.read.readableSeq, 'its bytes wait to be read');
      // Who tells what lies beneath would have said that bytes wait.
      else if (outcome === 'starved' && direction === turn.picture.direction && !turn.picture.read.hasInner)
        this.#found(turn, -1, null);
    }
  }

  #woken(turn: Turn, event: SeenEvent): void {
    const { read, write } = turn.picture;
    // The half that it waits for: the writer, where it is blocked.
    if (event.half !== (write.isPending && write.lastSeq > read.lastSeq ? 'write' : 'read')) return;
    if (!this.#isToldToComeAgain(turn, event)) turn.isWokenFromOutside = true;
    if (!turn.isDue && turn.refusedPolls === 0) turn.firstSeq = event.seq;
    turn.isDue = true;
  }

  /** Who is woken by the registration itself, once: a stream that tells of its wakes has an event between. */
  #isToldToComeAgain(turn: Turn, event: SeenEvent): boolean {
    const { registeredInCallSeq: seq } = this.#picture.halfOf(event);
    if (seq === -1 || seq === turn.cameAgainSeq || event.seq - seq > 2) return false;
    turn.cameAgainSeq = seq;
    return true;
  }

  #moved(turn: Turn, event: SeenEvent): void {
    turn.moved += 1;
    if (turn.refusedPolls >= MOST_POLLS && !turn.isKnown)
      this.#found(turn, event.seq, `${event.kind === Kind.READ ? 'read' : 'wrote'} at once when its turn came`);
    turn.forget();
  }

  #endPoll(): void {
    this.#judge(this.#up, this.#down);
    this.#judge(this.#down, this.#up);
    this.#up.beginPoll();
    this.#down.beginPoll();
  }

  /** At the end of a poll. */
  #judge(turn: Turn, other: Turn): void {
    if (turn.moved > 0 || turn.picture.state !== 0) return;
    const isTurnedAway = turn.isCalled
      ? turn.isRefused && other.moved >= CALLS_OF_A_BUDGET
      : turn.isDue && other.moved > 0;
    if (!isTurnedAway || this.#mayBeOver(turn.picture)) {
      turn.forget();
      return;
    }
    turn.refusedPolls += this.#picture.pollTimes;
    turn.lastSeq = this.#picture.pollSeq;
    if (turn.refusedPolls >= MOST_POLLS && turn.isWokenFromOutside && !turn.isKnown)
      this.#found(turn, turn.lastSeq, 'it had been woken from outside before');
  }

  /** Its end may be among the records that are missing: since then nobody has asked it, nor has it registered. */
  #mayBeOver({ read, write }: DirectionPicture): boolean {
    return Math.max(read.lastSeq, write.lastSeq, read.registeredSeq, write.registeredSeq) < this.#picture.gapSeq;
  }

  /** @param proof why it is certain that it had something to do; null: that is not certain. */
  #found(turn: Turn, seq: number, proof: string | null): void {
    turn.isKnown = true;
    const { refusedPolls: polls, firstSeq, lastSeq, picture } = turn;
    const other = turn.isDown ? 'a -> b' : 'b -> a';
    const unsure: Pick<Report, 'confidence'> = proof === null ? { confidence: 'likely' } : {};
    this.#report({
      class: 'direction-starved',
      direction: picture.direction,
      half: 'read',
      seq: seq === -1 ? lastSeq : seq,
      events: [firstSeq, lastSeq],
      numbers: { polls },
      meaning: `In ${polls} polls in a row ${other} moved bytes and ${picture.direction} was turned away, though it had been woken${proof === null ? '' : `, and ${proof}`}: the first to be polled uses up the budget of both`,
      ...unsure,
    });
  }
}
