import type { Context, Waker } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import { Passing } from './passing.ts';

/** Takes no second write before a flush. */
export class NeverGoesOn extends Passing {
  #isDirty = false;
  #waker: Waker | null = null;

  override pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    if (this.#isDirty) {
      this.#waker = cx.register();
      return PENDING;
    }
    const n = super.pollWrite(cx, bytes, start, end, given);
    this.#isDirty = n > 0;
    return n;
  }

  override pollFlush(cx: Context): number {
    this.#isDirty = false;
    this.#waker?.wake();
    return super.pollFlush(cx);
  }
}
