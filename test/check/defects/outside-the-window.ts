import type { Context } from '../../../src/poll/context.ts';
import { Passing } from './passing.ts';

/** Reads up to the end of the buffer, and not to that of its window. */
export class OutsideTheWindow extends Passing {
  override pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    const n = super.pollRead(cx, bytes, start, end);
    if (n > 0 && start > 0) bytes[start - 1] = 0;
    return n;
  }
}
