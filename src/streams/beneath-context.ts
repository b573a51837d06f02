import type { Context, Waker } from '../poll/context.ts';
import type { CoopBudget } from '../poll/coop-budget.ts';
import type { Direction, Half } from '../poll/direction.ts';
import { Flag, Kind, SocketState } from '../trace/event-kind.ts';

/**
 * What a stream beneath an adapter is given in the place of its caller's context: tells the trace when that stream wakes who
 * waits for it, whether or not the adapter passes the wake on. It is its own waker, as the copy's contexts are.
 */
export class BeneathContext implements Context, Waker {
  readonly around: Context;
  #waker: Waker | null = null;

  constructor(around: Context) {
    this.around = around;
  }

  get direction(): Direction {
    return this.around.direction;
  }

  get half(): Half {
    return this.around.half;
  }

  get budget(): CoopBudget | null {
    return this.around.budget;
  }

  register(slot?: number): Waker {
    this.#waker = this.around.register(slot);
    return this;
  }

  /** What it has taken in all is of the bytes that the adapter makes; whoever knows them for the copy's own tells it instead. */
  note(head: number, n: number, offered: number): void {
    if ((head & Flag.KIND_MASK) !== Kind.LEDGER) this.around.note?.(head, n, offered);
  }

  wake(): void {
    this.around.note?.(Kind.SOCKET, SocketState.WOKE, 0);
    this.#waker?.wake();
  }
}

/** The contexts of one stream: one for each that it is polled with, which are the two of a copy, or those of a few layers. */
export class BeneathContexts {
  readonly #known: BeneathContext[] = [];

  of(around: Context): BeneathContext {
    const known = this.#known;
    for (let index = 0; index < known.length; index += 1) {
      const one = known[index];
      if (one?.around === around) return one;
    }
    const one = new BeneathContext(around);
    if (known.length === MAX_KNOWN) known.shift();
    known.push(one);
    return one;
  }

  clear(): void {
    this.#known.length = 0;
  }
}

/** Who is polled with a new context each time keeps no more of them than that. */
const MAX_KNOWN = 8;
