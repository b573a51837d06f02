/**
 * The thread that runs a copy's task, as a runtime has it that puts off the wakes of a poll: they count when the poll is over and
 * the thread goes back to its scheduler. If it blocks within the poll, all of that poll are lost (tokio-rs/tokio#7877).
 */
export class RuntimeThread {
  /** Whether the task is to be polled. */
  isWoken = false;
  #hasBlocked = false;

  reset(): void {
    this.isWoken = false;
    this.#hasBlocked = false;
  }

  wake(): void {
    this.isWoken = true;
  }

  begin(): void {
    this.reset();
  }

  /** The poll is over. */
  end(): void {
    if (this.#hasBlocked) this.isWoken = false;
  }

  /** To be called from within a poll. */
  block(): void {
    this.#hasBlocked = true;
  }
}
