import type { Context } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import { Passing } from './passing.ts';

/** Looks again and again instead of waiting. */
export class WakesForEver extends Passing {
  override pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    const n = super.pollRead(cx, bytes, start, end);
    if (n === PENDING) cx.register().wake();
    return n;
  }
}
