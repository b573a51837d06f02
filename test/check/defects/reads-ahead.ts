import type { Context } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import { Passing } from './passing.ts';

const WINDOW_BYTES = 4096;

/** As much as a right one holds. */
const MOST_BYTES = 16_384;

/** A right adapter that reads more than it is asked for, and keeps that for the next reads. */
export class ReadsAhead extends Passing {
  #held: Uint8Array = new Uint8Array(0);
  #hasEnded = false;

  override pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    while (!this.#hasEnded && this.#held.length < this.mostBytes) {
      const window = new Uint8Array(WINDOW_BYTES);
      const n = this.#readMore(cx, window);
      if (n === PENDING && this.#held.length === 0) return PENDING;
      if (n === PENDING) break;
      this.#hasEnded = n === 0;
      this.#held = Buffer.concat([this.#held, window.subarray(0, n)]);
    }
    const n = Math.min(end - start, this.#held.length);
    bytes.set(this.#held.subarray(0, n), start);
    this.#held = this.#held.subarray(n);
    return n;
  }

  protected get mostBytes(): number {
    return MOST_BYTES;
  }

  /** What has come before a failure is handed out first. */
  #readMore(cx: Context, window: Uint8Array): number {
    try {
      return this.inner.pollRead(cx, window, 0, window.length);
    } catch (error) {
      if (this.#held.length === 0) throw error;
      return PENDING;
    }
  }
}
