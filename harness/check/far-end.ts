import { PENDING } from '../../src/poll/pending.ts';
import type { Context, Waker } from '../../src/poll/context.ts';
import type { Direction, Half } from '../../src/poll/direction.ts';
import type { PollStream } from '../../src/poll/poll-stream.ts';
import { Payload } from '../sim/payload.ts';
import { expectLaw, LawBroken } from './breach.ts';
import { checkArrived } from './laws/conservation.ts';
import { checkEndWanted } from './laws/shutdown.ts';
import { showValue } from './show-value.ts';

const WINDOW_BYTES = 65_536;
/** Of all cases, one after the other: what is read is looked at before anything else is. */
const WINDOW = new Uint8Array(WINDOW_BYTES);
/** The same in each case; to make them anew would take longer than many a case. */
const SENDS = payload('b -> a');
const GETS = payload('a -> b');

function payload(direction: Direction): Payload {
  const made = new Payload(direction);
  made.reset(1);
  return made;
}

export interface FarOptions {
  /** It acts from inside the wake, and so perhaps from inside a poll of the stream under test. */
  readonly pumpsAtOnce: boolean;
  readonly carriesHalfClose: boolean;
}

/**
 * The other end of the inner side, in our hands: writes what it is told to, reads as much as it may, and keeps account. What
 * it finds wrong it keeps for the run, since it may be woken from inside a poll of the stream under test.
 */
export class FarEnd {
  /** What the stream under test should read, and what it has written. */
  readonly sends = SENDS;
  readonly gets = GETS;
  /** Taken by our stream, and passed on by it for certain. */
  written = 0;
  flushed = 0;
  endAsked = false;
  endDone = false;
  received = 0;
  sawEnd = false;
  /** Whether the stream under test has been told to end. */
  mayEnd = false;
  /** How many bytes more it may read. */
  budget = 0;
  /** How many bytes may have arrived by now: what the stream under test has taken, and what it is just being offered. */
  offered = 0;
  /** Counts up whenever something moves here. */
  moves = 0;
  isWoken = false;
  broken: LawBroken | null = null;
  /** The inner side has failed, and what this end then sees is its own affair. */
  mayFail = false;
  #hasFailed = false;
  readonly #stream: PollStream;
  readonly #reading: FarContext;
  readonly #writing: FarContext;
  readonly #carriesHalfClose: boolean;
  #toWrite = 0;
  #readsPending = false;
  #isPumping = false;

  constructor(stream: PollStream, { pumpsAtOnce, carriesHalfClose }: FarOptions) {
    this.#stream = stream;
    this.#carriesHalfClose = carriesHalfClose;
    const onWake = (): void => {
      this.isWoken = true;
      if (pumpsAtOnce) this.pump();
    };
    this.#reading = new FarContext('read', onWake);
    this.#writing = new FarContext('write', onWake);
  }

  /** It would read more if there were more. */
  get isHungry(): boolean {
    return this.budget > 0 && this.#readsPending && !this.sawEnd;
  }

  write(bytes: number): void {
    if (!this.endAsked) this.#toWrite += bytes;
    this.pump();
  }

  /** Where the end of one direction is that of both, the stream under test ends by itself then. */
  end(): void {
    this.endAsked = true;
    if (!this.#carriesHalfClose) this.mayEnd = true;
    this.pump();
  }

  read(bytes: number): void {
    this.budget += bytes;
    this.pump();
  }

  /** Does what can be done now. */
  pump(): void {
    if (this.#isPumping) return;
    if (this.broken !== null || this.#hasFailed) {
      this.isWoken = false;
      return;
    }
    this.#isPumping = true;
    try {
      this.#pumpOnce();
      while (this.isWoken) this.#pumpOnce();
    } catch (error) {
      if (error instanceof LawBroken) this.broken = error;
      else if (this.mayFail) this.#hasFailed = true;
      else
        this.broken = new LawBroken(
          'conservation',
          null,
          `The far end cannot make anything of what it gets: ${showValue(error)}`,
        );
    } finally {
      this.#isPumping = false;
    }
  }

  #pumpOnce(): void {
    this.isWoken = false;
    this.#readOn();
    this.#writeOn();
  }

  #readOn(): void {
    while (this.budget > 0 && !this.sawEnd) {
      const n = this.#stream.pollRead(this.#reading, WINDOW, 0, Math.min(WINDOW_BYTES, this.budget));
      this.#readsPending = n === PENDING;
      if (n === PENDING) return;
      this.moves += 1;
      if (n === 0) {
        this.sawEnd = true;
        expectLaw('shutdown', null, checkEndWanted(this.mayEnd));
        return;
      }
      const wrong = checkArrived(
        this.gets.upTo(this.offered).subarray(0, this.offered),
        this.received,
        WINDOW.subarray(0, n),
      );
      if (wrong !== null) throw new LawBroken('conservation', 'pollWrite', `At the far end: ${wrong}`, ['counts']);
      this.received += n;
      this.budget -= n;
    }
  }

  #writeOn(): void {
    while (this.#toWrite > 0) {
      const upTo = this.written + this.#toWrite;
      const n = this.#stream.pollWrite(this.#writing, this.sends.upTo(upTo), this.written, upTo, false);
      if (n === PENDING) return;
      this.moves += 1;
      this.written += n;
      this.#toWrite -= n;
    }
    if (this.flushed < this.written) {
      if (this.#stream.pollFlush(this.#writing) === PENDING) return;
      this.moves += 1;
      this.flushed = this.written;
    }
    if (this.endAsked && !this.endDone) {
      if (this.#stream.pollShutdown(this.#writing) === PENDING) return;
      this.moves += 1;
      this.endDone = true;
    }
  }
}

/** It is its own waker. */
class FarContext implements Context, Waker {
  readonly direction;
  readonly half: Half;
  readonly budget = null;
  readonly wake: () => void;

  constructor(half: Half, onWake: () => void) {
    this.direction = half === 'read' ? ('a -> b' as const) : ('b -> a' as const);
    this.half = half;
    this.wake = onWake;
  }

  register(): Waker {
    return this;
  }
}
