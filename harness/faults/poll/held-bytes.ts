import type { Context } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';

/** More is not held: whoever holds passes something on first. */
export const MAX_HELD_BYTES = 1 << 20;

/** Bytes that were taken and not passed on. */
export class HeldBytes {
  #bytes = Buffer.alloc(0);

  get length(): number {
    return this.#bytes.length;
  }

  /** Keeps a copy of what fits. Returns how much that is. */
  add(bytes: Uint8Array, start: number, end: number): number {
    const n = Math.min(end - start, MAX_HELD_BYTES - this.#bytes.length);
    this.#bytes = Buffer.concat([this.#bytes, bytes.subarray(start, start + n)]);
    return n;
  }

  /** Moves up to `end - start` bytes into `bytes[start..end]`. Returns how many. */
  take(bytes: Uint8Array, start: number, end: number): number {
    const n = Math.min(this.#bytes.length, end - start);
    bytes.set(this.#bytes.subarray(0, n), start);
    this.#bytes = this.#bytes.subarray(n);
    return n;
  }

  /** Writes all of it to a stream: 0 when nothing is left, PENDING if that takes no more now. */
  passOn(inner: PollStream, cx: Context): number {
    while (this.#bytes.length > 0) {
      const n = inner.pollWrite(cx, this.#bytes, 0, this.#bytes.length, false);
      if (n === PENDING || n === 0) return PENDING;
      this.#bytes = this.#bytes.subarray(n);
    }
    return 0;
  }

  clear(): void {
    this.#bytes = Buffer.alloc(0);
  }
}
