import type { Context } from '../../../src/poll/context.ts';
import { Passing } from './passing.ts';

/** A shutdown that flushes, and tells nobody. */
export class EndNotPassedOn extends Passing {
  #isShutDown = false;

  override pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    if (this.#isShutDown) throw new Error('Write after the shutdown');
    return super.pollWrite(cx, bytes, start, end, given);
  }

  override pollShutdown(cx: Context): number {
    const n = super.pollFlush(cx);
    this.#isShutDown = n === 0;
    return n;
  }
}
