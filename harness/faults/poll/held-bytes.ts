import { isCount } from '../../../src/copy/count.ts';
import type { Context } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';

/** More is not held: whoever holds passes something on first. */
export const MAX_HELD_BYTES = 1 << 20;

/** Bytes that were taken and not passed on. */
export class HeldBytes {
  #room = new Uint8Array(0);
  /** The bytes are `#room[#from .. #to]`. */
  #from = 0;
  #to = 0;

  get length(): number {
    return this.#to - this.#from;
  }

  /** Keeps a copy of what fits. Returns how much that is. */
  add(bytes: Uint8Array, start: number, end: number): number {
    const n = Math.max(0, Math.min(end - start, MAX_HELD_BYTES - this.length));
    if (this.#to + n > this.#room.length) this.#makeRoom(n);
    this.#room.set(bytes.subarray(start, start + n), this.#to);
    this.#to += n;
    return n;
  }

  /** Moves up to `end - start` bytes into `bytes[start..end]`. Returns how many. */
  take(bytes: Uint8Array, start: number, end: number): number {
    const n = Math.min(this.length, end - start);
    bytes.set(this.#room.subarray(this.#from, this.#from + n), start);
    this.#from += n;
    return n;
  }

  /** Writes all of it to a stream: 0 when nothing is left, PENDING if that takes no more now. */
  passOn(inner: PollStream, cx: Context): number {
    while (this.length > 0) {
      const n = inner.pollWrite(cx, this.#room, this.#from, this.#to, false);
      if (n === PENDING || n === 0) return PENDING;
      // A fault below may report what is no count: it must not keep this going for ever.
      this.#from += isCount(n, 1, this.length) ? n : this.length;
    }
    return 0;
  }

  /** The same bytes, in an array of their own. */
  copy(): Uint8Array<ArrayBuffer> {
    return this.#room.slice(this.#from, this.#to);
  }

  clear(): void {
    this.#from = 0;
    this.#to = 0;
  }

  /** In a new and larger array: a writer may have been given a part of the old one. */
  #makeRoom(n: number): void {
    const room = new Uint8Array(Math.max(2 * this.length, this.length + n));
    room.set(this.#room.subarray(this.#from, this.#to));
    this.#to -= this.#from;
    this.#from = 0;
    this.#room = room;
  }
}
