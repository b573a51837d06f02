import type { Context } from '../../../src/poll/context.ts';
import { Passing } from './passing.ts';

/** Whatever goes wrong beneath is the end of the stream. */
export class FailureAsEnd extends Passing {
  override pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    try {
      return super.pollRead(cx, bytes, start, end);
    } catch {
      return 0;
    }
  }
}
