import type { Context, Waker } from '../../../src/poll/context.ts';
import { Passing } from './passing.ts';

/** One place for the waker of both halves: who registers later pushes the other out. */
export class OneSlot extends Passing {
  #waker: Waker | null = null;

  override pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    return super.pollRead(this.#around(cx), bytes, start, end);
  }

  override pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    return super.pollWrite(this.#around(cx), bytes, start, end, given);
  }

  override pollFlush(cx: Context): number {
    return super.pollFlush(this.#around(cx));
  }

  override pollShutdown(cx: Context): number {
    return super.pollShutdown(this.#around(cx));
  }

  #around(cx: Context): Context {
    const wake = (): void => {
      this.#waker?.wake();
    };
    const register = (slot?: number): Waker => {
      this.#waker = cx.register(slot);
      return { wake };
    };
    return { direction: cx.direction, half: cx.half, budget: cx.budget, register };
  }
}
