import type { Context } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import { Passing } from './passing.ts';

/** A right adapter that registers in every call, and wakes who waits once for nothing. */
export class WakesOnceMore extends Passing {
  readonly #woken = new Set<string>();

  override pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    return this.#onceMore('read', cx, () => super.pollRead(cx, bytes, start, end));
  }

  override pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    return this.#onceMore('write', cx, () => super.pollWrite(cx, bytes, start, end, given));
  }

  override pollFlush(cx: Context): number {
    return this.#onceMore('flush', cx, () => super.pollFlush(cx));
  }

  override pollShutdown(cx: Context): number {
    return this.#onceMore('shutdown', cx, () => super.pollShutdown(cx));
  }

  #onceMore(call: string, cx: Context, poll: () => number): number {
    const waker = cx.register();
    const n = poll();
    if (n !== PENDING) this.#woken.delete(call);
    else if (!this.#woken.has(call)) {
      this.#woken.add(call);
      waker.wake();
    }
    return n;
  }
}
