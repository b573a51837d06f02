import type { Context } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import { Passing } from './passing.ts';

/** As much as it holds until it is flushed, or full. */
const MOST_BYTES = 1024;

/** A right adapter that holds what is written until it is flushed, or full. */
export class Buffered extends Passing {
  protected held: Uint8Array = new Uint8Array(0);
  #isShutDown = false;

  override pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    if (this.#isShutDown) return super.pollWrite(cx, bytes, start, end, given);
    if (this.held.length >= this.mostBytes) this.passOn(cx);
    const n = Math.min(end - start, this.mostBytes - this.held.length);
    if (n <= 0) return PENDING;
    this.held = Buffer.concat([this.held, bytes.subarray(start, start + n)]);
    return n;
  }

  override pollFlush(cx: Context): number {
    return this.passOn(cx) ? super.pollFlush(cx) : PENDING;
  }

  override pollShutdown(cx: Context): number {
    if (!this.passOn(cx)) return PENDING;
    this.#isShutDown = true;
    return super.pollShutdown(cx);
  }

  protected get mostBytes(): number {
    return MOST_BYTES;
  }

  /** Whether nothing is held any more. */
  protected passOn(cx: Context): boolean {
    while (this.held.length > 0) {
      const n = this.inner.pollWrite(cx, this.held, 0, this.held.length, false);
      if (n === PENDING) return false;
      this.held = this.held.subarray(n);
    }
    return true;
  }
}
