import { RECENT_BYTES } from './tcp-limits.ts';

/** Where something was put: a count of all bytes that were ever put there. */
export type RecentPlace = number;

/** Payload that may have to be compared with what comes later, of all connections, in a ring. */
export class RecentPayload {
  readonly #ring = new Uint8Array(RECENT_BYTES);
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
}
