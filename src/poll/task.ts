/**
 * Drives a poll function on the event loop, as an executor drives a future. Any number of wakes before the poll lead
 * to one poll, in a macrotask of its own: a wake from inside the poll therefore lets the event loop turn first, and a
 * storm of self-wakes cannot freeze it.
 */
export class Task {
  readonly #poll: () => boolean;
  #scheduled: NodeJS.Immediate | null = null;
  #ended = false;

  /** @param poll does one poll; returns true when there is nothing more to do. It must not throw. */
  constructor(poll: () => boolean) {
    this.#poll = poll;
  }

  wake(): void {
    if (this.#scheduled !== null || this.#ended) return;
    this.#scheduled = setImmediate(this.#run);
  }

  /** No poll happens after this, whoever wakes. */
  end(): void {
    this.#ended = true;
    if (this.#scheduled !== null) clearImmediate(this.#scheduled);
    this.#scheduled = null;
  }

  // An arrow property, made once: setImmediate gets the same function every time.
  readonly #run = (): void => {
    this.#scheduled = null;
    if (this.#poll()) this.#ended = true;
  };
}
