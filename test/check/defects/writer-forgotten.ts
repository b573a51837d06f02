import type { Context } from '../../../src/poll/context.ts';
import { Passing } from './passing.ts';

/** Registers who writes, and drops the waker: a writer that is held back is never woken. */
export class WriterForgotten extends Passing {
  override pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    const register = (slot?: number): { wake: () => void } => {
      cx.register(slot);
      return { wake: () => undefined };
    };
    const { direction, half, budget } = cx;
    return super.pollWrite({ direction, half, budget, register }, bytes, start, end, given);
  }
}
