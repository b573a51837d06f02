const NOW = Promise.resolve();

/**
 * Drives a poll function on the event loop, as an executor drives a future. Any number of wakes before the poll lead
 * to one poll, in a macrotask of its own, or in a microtask within a budget. A wake from inside the poll always lets the
 * event loop turn first, so that a storm of self-wakes cannot freeze it.
 */
export class Task {
  readonly #poll: () => boolean;
  readonly #microtaskPolls: number;
  /** Polls in microtasks since the last one in a macrotask: two tasks that wake each other must let the loop turn too. */
  #spent = 0;
  #isScheduled = false;
  #isPolling = false;
  #immediate: NodeJS.Immediate | null = null;
  #ended = false;

  /**
   * @param poll does one poll; returns true when there is nothing more to do. It must not throw.
   * @param microtaskPolls how many polls in a row may follow their wake in a microtask; 0: all wait for a macrotask.
   */
  constructor(poll: () => boolean, microtaskPolls = 0) {
    this.#poll = poll;
    this.#microtaskPolls = microtaskPolls;
  }

  wake(): void {
    if (this.#isScheduled || this.#ended) return;
    this.#isScheduled = true;
    if (this.#isPolling || this.#spent === this.#microtaskPolls) {
      this.#immediate = setImmediate(this.#runInMacrotask);
      return;
    }
    this.#spent += 1;
    void NOW.then(this.#run);
  }

  /** No poll happens after this, whoever wakes. */
  end(): void {
    this.#ended = true;
    if (this.#immediate !== null) clearImmediate(this.#immediate);
    this.#immediate = null;
  }

  // Arrow properties, made once: the event loop gets the same function every time.
  readonly #run = (): void => {
    this.#isScheduled = false;
    if (this.#ended) return;
    this.#isPolling = true;
    if (this.#poll()) this.#ended = true;
    this.#isPolling = false;
  };

  readonly #runInMacrotask = (): void => {
    this.#immediate = null;
    this.#spent = 0;
    this.#run();
  };
}
