import type { Context } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import { Passing } from './passing.ts';

/** Believes that what is beneath takes all or nothing. */
export class DropsOnPartialWrite extends Passing {
  override pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    return super.pollWrite(cx, bytes, start, end, given) === PENDING ? PENDING : end - start;
  }
}
