import type { Context } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import { Passing } from './passing.ts';

/** Takes for the end that nothing is there. */
export class EarlyEnd extends Passing {
  override pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    const n = super.pollRead(cx, bytes, start, end);
    return n === PENDING ? 0 : n;
  }
}
