import type { Context, Waker } from '../poll/context.ts';
import { PENDING } from '../poll/pending.ts';

/** The numbers of the slots of a stream that has one for each half. */
export const READER_SLOT = 1;
export const WRITER_SLOT = 2;

/**
 * Who waits on one half of a stream. One slot for each half, never one for both: the later registration would push
 * the earlier out, and its half would wait for ever.
 */
export class WakeSlot {
  #waker: Waker | null = null;
  #cx: Context | null = null;
  readonly #number: number;

  /** @param number tells a trace which of the stream's slots this is, from 1. */
  constructor(number = 0) {
    this.#number = number;
  }

  /** Registers the caller, in place of an earlier one of the same half, and returns what its poll is to return. */
  wait(cx: Context): number {
    this.#cx = cx;
    this.#waker = cx.register(this.#number);
    return PENDING;
  }

  /** Tells the trace what this half has found beneath it, also between polls; nobody, before it has waited for the first time. */
  note(head: number, n: number, offered = 0): void {
    this.#cx?.note?.(head, n, offered);
  }

  /** Wakes whoever waits, once. */
  wake(): void {
    const waker = this.#waker;
    this.#waker = null;
    waker?.wake();
  }
}
