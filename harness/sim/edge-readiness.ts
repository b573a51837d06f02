/**
 * What the driver of an event loop knows of one half of a socket where readiness comes as edges, as with epoll's EPOLLET:
 * the kernel tells once that bytes have come, and not again while they lie there. Whoever finds nothing clears the flag, and
 * waits for the next edge; if one has come since the look, it must not be cleared with it.
 */
export class EdgeReadiness {
  /** At first nobody knows better: the first operation finds out. */
  #isReady = true;
  #tick = 0;

  get isReady(): boolean {
    return this.#isReady;
  }

  /** How many edges there have been: to be taken before an operation, and given back to `clear`. */
  get tick(): number {
    return this.#tick;
  }

  edge(): void {
    this.#isReady = true;
    this.#tick += 1;
  }

  /** An operation has found nothing. @param tick of when it began; null: whoever clears does not look, which is the defect. */
  clear(tick: number | null): void {
    if (tick === null || tick === this.#tick) this.#isReady = false;
  }
}
