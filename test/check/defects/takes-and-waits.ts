import type { Context } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import { Passing } from './passing.ts';

/** Passes on what it is given and says that it waits for that to be through: it will be given the same again. */
export class TakesAndWaits extends Passing {
  #hasWaited = false;

  override pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    const n = super.pollWrite(cx, bytes, start, end, given);
    if (n === PENDING) return n;
    this.#hasWaited = !this.#hasWaited;
    if (!this.#hasWaited) return n;
    cx.register().wake();
    return PENDING;
  }
}
