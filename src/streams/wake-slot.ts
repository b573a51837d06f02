import type { Context, Waker } from '../poll/context.ts';
import { PENDING } from '../poll/pending.ts';

/**
 * Who waits on one half of a stream. One slot for each half, never one for both: the later registration would push
 * the earlier out, and its half would wait for ever.
 */
export class WakeSlot {
  #waker: Waker | null = null;

  /** Registers the caller, in place of an earlier one of the same half, and returns what its poll is to return. */
  wait(cx: Context): number {
    this.#waker = cx.register();
    return PENDING;
  }

  /** Wakes whoever waits, once. */
  wake(): void {
    const waker = this.#waker;
    this.#waker = null;
    waker?.wake();
  }
}
