import type { Direction } from '../../src/poll/direction.ts';
import type { Ledger } from './ledger.ts';
import * as limits from './run-limits.ts';
import type { SimStream } from './sim-stream.ts';
import type { WatchedStream } from './watched-stream.ts';

/** What the copy lies between. */
export interface MovementParts {
  readonly aToB: Ledger;
  readonly bToA: Ledger;
  readonly a: WatchedStream;
  readonly b: WatchedStream;
  readonly simA: SimStream;
  readonly simB: SimStream;
}

/** What each poll has moved, and for how long nothing has, in either direction or in one that has work. */
export class Movement {
  readonly #parts: MovementParts;
  /** Bytes given and taken up to the latest poll, and for how many polls a direction has not moved. */
  #up = 0;
  #down = 0;
  #idlePolls = 0;
  #starvedUp = 0;
  #starvedDown = 0;

  constructor(parts: MovementParts) {
    this.#parts = parts;
  }

  /** The latest so many polls have moved nothing. */
  get idlePolls(): number {
    return this.#idlePolls;
  }

  reset(): void {
    this.#up = 0;
    this.#down = 0;
    this.#idlePolls = 0;
    this.#starvedUp = 0;
    this.#starvedDown = 0;
  }

  /** After a poll. @returns whether nothing has moved for too long: at all, or in this direction while the other went on. */
  look(polls: number): 'idle' | Direction | null {
    const up = bytesOf(this.#parts.aToB);
    const down = bytesOf(this.#parts.bToA);
    const isUp = up !== this.#up;
    const isDown = down !== this.#down;
    this.#up = up;
    this.#down = down;
    this.#idlePolls = isUp || isDown ? 0 : this.#idlePolls + 1;
    this.#starvedUp = isDown && !isUp && this.#hasWork('a -> b') ? this.#starvedUp + 1 : 0;
    this.#starvedDown = isUp && !isDown && this.#hasWork('b -> a') ? this.#starvedDown + 1 : 0;
    if (this.#idlePolls >= limits.MAX_IDLE_POLLS) return 'idle';
    if (polls < limits.MAX_STARVED_POLLS) return null;
    if (this.#starvedUp >= limits.MAX_STARVED_POLLS) return 'a -> b';
    return this.#starvedDown >= limits.MAX_STARVED_POLLS ? 'b -> a' : null;
  }

  /** Within a poll: the direction that has work, and has not moved while the other has. */
  starved(): Direction | null {
    const isUp = bytesOf(this.#parts.aToB) !== this.#up;
    const isDown = bytesOf(this.#parts.bToA) !== this.#down;
    const starved = isUp === isDown ? null : isUp ? 'b -> a' : 'a -> b';
    return starved !== null && this.#hasWork(starved) ? starved : null;
  }

  /**
   * Whether a direction would move if it were given its turn: the half that it waits for has been woken, or the budget has
   * refused it. One that waits for its writer does not move because its reader was woken.
   */
  #hasWork(direction: Direction): boolean {
    const { a, b, simA, simB } = this.#parts;
    const isUp = direction === 'a -> b';
    const reader = isUp ? a.reader : b.reader;
    const writer = isUp ? b.writer : a.writer;
    if (writer.isDone) return false;
    const isRefused = isUp ? simA.readRefused || simB.writeRefused : simB.readRefused || simA.writeRefused;
    if (isRefused) return true;
    return writer.isWaiting ? writer.isWoken : reader.isWoken;
  }
}

function bytesOf(ledger: Ledger): number {
  return ledger.given + ledger.taken;
}
