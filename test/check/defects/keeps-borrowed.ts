import type { Context } from '../../../src/poll/context.ts';
import { Buffered } from './buffered.ts';

/** Holds the very bytes that it was lent. */
export class KeepsBorrowed extends Buffered {
  override pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    const isEmpty = this.held.length === 0;
    const n = super.pollWrite(cx, bytes, start, end, given);
    if (isEmpty && n > 0) this.held = bytes.subarray(start, start + n);
    return n;
  }
}
