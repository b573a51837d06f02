import { MessageBudget } from './message-budget.ts';
import { unmaskInto } from './unmask.ts';

const LEAST_BYTES = 4096;
/** A header may promise anything: no more than this is made ready before it comes, and no larger buffer is used again. */
const MAX_AHEAD_BYTES = 1024 * 1024;
const MAX_SPARES = 4;
const NOTHING: Uint8Array = new Uint8Array(0);

/** Buffers that are free, of all streams: messages of the same size follow one another. */
const spares: Uint8Array[] = [];

/** What a message is put together in. */
export class MessageBuffer {
  #bytes: Uint8Array = NOTHING;
  length = 0;
  readonly #budget: MessageBudget;

  constructor(budget = new MessageBudget()) {
    this.#budget = budget;
  }

  /**
   * False: there is no room for them.
   *
   * @param expected How many bytes of the frame are still to come, these included.
   */
  add(bytes: Uint8Array, start: number, end: number, mask: number, done: number, expected: number): boolean {
    const length = this.length + end - start;
    if (length > this.#bytes.length && !this.#grow(length, this.length + expected)) return false;
    unmaskInto(this.#bytes, this.length, bytes, start, end, mask, done);
    this.length = length;
    return true;
  }

  /** What has been added, which is good until another message is begun, of any stream; then it is empty. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.length);
    this.clear();
    return taken;
  }

  clear(): void {
    const bytes = this.#bytes;
    if (bytes === NOTHING) return;
    if (bytes.length <= MAX_AHEAD_BYTES && spares.length < MAX_SPARES) spares.push(bytes);
    this.#budget.give(bytes.length);
    this.#bytes = NOTHING;
    this.length = 0;
  }

  #grow(needed: number, expected: number): boolean {
    const size = Math.max(needed, Math.min(expected, MAX_AHEAD_BYTES), this.#bytes.length * 2, LEAST_BYTES);
    const spare = spares.pop();
    const larger = spare !== undefined && spare.length >= size ? spare : new Uint8Array(size);
    if (!this.#budget.take(larger.length - this.#bytes.length)) return false;
    larger.set(this.#bytes.subarray(0, this.length));
    this.#bytes = larger;
    return true;
  }
}
