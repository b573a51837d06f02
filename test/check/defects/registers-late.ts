import type { Context, Waker } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import { Passing } from './passing.ts';

/** Notes down whom to wake only when the poll beneath has returned: a wake from inside that finds nobody. */
export class RegistersLate extends Passing {
  #waker: Waker | null = null;

  override pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    const wake = (): void => {
      const waker = this.#waker;
      this.#waker = null;
      waker?.wake();
    };
    const register = (): Waker => ({ wake });
    const n = super.pollRead({ direction: cx.direction, half: cx.half, budget: null, register }, bytes, start, end);
    if (n === PENDING) this.#waker = cx.register();
    return n;
  }
}
