import type { Context, Waker } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import { Passing } from './passing.ts';

const ROOM = 512;

/** Reads ahead from inside the wake, wherever that comes from. */
export class PollsWhenWoken extends Passing {
  #ahead = new Uint8Array(0);
  #hasEnded = false;
  #failure: unknown = null;

  override pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    if (this.#ahead.length === 0 && !this.#hasEnded && this.#failure === null) this.#pull(cx);
    if (this.#ahead.length > 0) {
      const n = Math.min(end - start, this.#ahead.length);
      bytes.set(this.#ahead.subarray(0, n), start);
      this.#ahead = this.#ahead.subarray(n);
      return n;
    }
    if (this.#failure instanceof Error) throw this.#failure;
    if (this.#hasEnded) return 0;
    cx.register();
    return PENDING;
  }

  /** Whether something has come. */
  #pull(cx: Context): boolean {
    const room = new Uint8Array(ROOM);
    const register = (slot?: number): Waker => {
      const waker = cx.register(slot);
      return {
        wake: () => {
          if (this.#pull(cx)) waker.wake();
        },
      };
    };
    try {
      const n = this.inner.pollRead({ direction: cx.direction, half: cx.half, budget: null, register }, room, 0, ROOM);
      if (n === PENDING) return false;
      if (n === 0) this.#hasEnded = true;
      else this.#ahead = Buffer.concat([this.#ahead, room.subarray(0, n)]);
    } catch (error) {
      this.#failure = error;
    }
    return true;
  }
}
