import type { Waker } from '../../../src/poll/context.ts';

/** Wakes that have been made and have not arrived, in the order in which they were made. */
export class WakeQueue {
  #wakers: Waker[] = [];

  push(waker: Waker): void {
    this.#wakers.push(waker);
  }

  /** Lets those that are there by now arrive; returns how many. */
  deliver(): number {
    const due = this.#wakers;
    this.#wakers = [];
    for (const waker of due) waker.wake();
    return due.length;
  }
}
