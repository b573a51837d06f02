import type { Context } from '../../../src/poll/context.ts';
import { Buffered } from './buffered.ts';

/** What is urgent goes first: a short write overtakes what is held. */
export class Reorders extends Buffered {
  override pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    const isShort = end - start < 10 && this.held.length > 0;
    return isShort ? this.inner.pollWrite(cx, bytes, start, end, given) : super.pollWrite(cx, bytes, start, end, given);
  }
}
