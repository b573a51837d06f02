import type { Context } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import { Passing } from './passing.ts';

/** Goes on with the slice that it was lent when it was PENDING, and not with the one of the call. */
export class KeepsWhatWaits extends Passing {
  #kept: Uint8Array | null = null;

  override pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    const slice = this.#kept ?? bytes.subarray(start, end);
    const n = super.pollWrite(cx, slice, 0, slice.length, given);
    this.#kept = n === PENDING ? slice : null;
    return n;
  }
}
