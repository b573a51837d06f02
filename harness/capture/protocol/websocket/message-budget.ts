import { MAX_ALL_MESSAGE_BYTES } from '../protocol-limits.ts';

/** What the messages under way may take, in all connections of a capture together: each is allowed more than all could be. */
export class MessageBudget {
  #bytes = 0;

  /** False: that would be too much. */
  take(bytes: number): boolean {
    if (this.#bytes + bytes > MAX_ALL_MESSAGE_BYTES) return false;
    this.#bytes += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#bytes -= bytes;
  }
}
