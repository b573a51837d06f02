import type { Context } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import { Passing } from './passing.ts';

/** The story's adapter: a write counts the one byte of header that stands before the payload. */
export class OffByOne extends Passing {
  override pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    const n = super.pollWrite(cx, bytes, start, end, given);
    return n === PENDING ? PENDING : n + 1;
  }
}
