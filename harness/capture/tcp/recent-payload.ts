import { RECENT_BYTES } from './tcp-limits.ts';

const FIRST_BYTES = 16 * 1024;

/** Where something was put: a count of all bytes that were ever put there. */
export type RecentPlace = number;

/** Payload that may have to be compared with what comes later, of all connections, in a ring. */
export class RecentPayload {
  /** As long as it has to be: most captures are short. */
  #ring = new Uint8Array(FIRST_BYTES);
  #head = 0;

  /** Keeps these bytes for a while. Returns where; −1: they are too many. */
  put(bytes: Uint8Array, start: number, end: number): RecentPlace {
    const length = end - start;
    if (length > RECENT_BYTES / 4) return -1;
    let at = this.#head % RECENT_BYTES;
    // In one piece: the rest of the ring is left out.
    if (at + length > RECENT_BYTES) {
      this.#head += RECENT_BYTES - at;
      at = 0;
    }
    if (at + length > this.#ring.length) this.#grow(at + length);
    this.#ring.set(bytes.subarray(start, end), at);
    const place = this.#head;
    this.#head += length;
    return place;
  }

  /** What was put there, from `skip` on; null if it is gone. */
  get(place: RecentPlace, skip: number, length: number): Uint8Array | null {
    if (place < 0 || place < this.#head - RECENT_BYTES) return null;
    const at = (place % RECENT_BYTES) + skip;
    return this.#ring.subarray(at, at + length);
  }

  /** Before it is as long as it will be, it has not been gone round: places stay. */
  #grow(length: number): void {
    const larger = new Uint8Array(Math.min(RECENT_BYTES, Math.max(length, this.#ring.length * 2)));
    larger.set(this.#ring);
    this.#ring = larger;
  }
}
