import type { Context } from '../../../src/poll/context.ts';
import { Buffered } from './buffered.ts';

/** Takes whatever it is given. */
export class Unbounded extends Buffered {
  protected override get mostBytes(): number {
    return Infinity;
  }

  override pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    const n = super.pollWrite(cx, bytes, start, end, given);
    this.passOn(cx);
    return n;
  }
}
