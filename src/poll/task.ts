import { pollAfterTurn } from './turn.ts';

/**
 * Drives a poll function on the event loop, as an executor drives a future. Any number of wakes before the poll lead
 * to one poll, in a macrotask: a wake from inside the poll therefore lets the event loop turn first, and a storm of
 * self-wakes cannot freeze it.
 */
export class Task {
  readonly #poll: () => boolean;
  #isScheduled = false;
  #ended = false;

  /** @param poll does one poll; returns true when there is nothing more to do. It must not throw. */
  constructor(poll: () => boolean) {
    this.#poll = poll;
  }

  wake(): void {
    if (this.#isScheduled || this.#ended) return;
    this.#isScheduled = true;
    pollAfterTurn(this.#run);
  }

  /** No poll happens after this, whoever wakes. */
  end(): void {
    this.#ended = true;
  }

  // An arrow property, made once: the event loop gets the same function every time.
  readonly #run = (): void => {
    this.#isScheduled = false;
    if (this.#ended) return;
    if (this.#poll()) this.#ended = true;
  };
}
