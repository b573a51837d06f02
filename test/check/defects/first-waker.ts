import type { Context, Waker } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import { Passing } from './passing.ts';

/** Keeps the waker of the first poll that waited, and never asks again whose turn it is. */
export class FirstWaker extends Passing {
  #first: Waker | null = null;

  override pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    const n = super.pollRead(
      {
        direction: cx.direction,
        half: cx.half,
        budget: cx.budget,
        register: (slot) => {
          const waker = cx.register(slot);
          this.#first ??= waker;
          return this.#first;
        },
      },
      bytes,
      start,
      end,
    );
    if (n !== PENDING) this.#first = null;
    return n;
  }
}
