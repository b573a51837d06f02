import type { Context } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import { Passing } from './passing.ts';

/** Says the end once; who asks again waits for ever. */
export class EndOnce extends Passing {
  #hasEnded = false;

  override pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    if (this.#hasEnded) {
      cx.register();
      return PENDING;
    }
    const n = super.pollRead(cx, bytes, start, end);
    this.#hasEnded = n === 0;
    return n;
  }
}
