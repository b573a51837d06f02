import type { ChunkSlot } from '../poll/poll-stream.ts';

/** Consumed places are given back in one go, so that taking a chunk from a long queue costs the same as from a short one. */
const PLACES_KEPT = 1024;
const NOTHING = new Uint8Array(0);

/** Chunks in the order of their bytes, to be taken whole or by the byte. Its owner bounds it, by looking at `bytes`. */
export class ChunkQueue {
  /** Places are used again and again: a queue that is empty most of the time then allocates nothing. */
  readonly #chunks: Uint8Array[] = [];
  /** The first chunk not yet consumed, the place after the last one, and how much of the first is consumed. */
  #first = 0;
  #count = 0;
  #offset = 0;
  #bytes = 0;

  /** How many bytes wait here. */
  get bytes(): number {
    return this.#bytes;
  }

  /** An empty chunk leaves no trace: as a count of 0 it would be taken for the end of the stream. */
  push(chunk: Uint8Array): void {
    if (chunk.byteLength === 0) return;
    this.#chunks[this.#count] = chunk;
    this.#count += 1;
    this.#bytes += chunk.byteLength;
  }

  /** Hands over the first chunk, or what is left of it. Returns its length, 0 when there is none. */
  take(slot: ChunkSlot): number {
    const chunk = this.#chunks[this.#first];
    if (this.#bytes === 0 || chunk === undefined) return 0;
    slot.bytes = chunk;
    slot.start = this.#offset;
    slot.end = chunk.byteLength;
    const n = slot.end - slot.start;
    this.#consume(chunk, n);
    return n;
  }

  /** Fills `bytes[start..end]` from as many chunks as fit. Returns how many bytes. */
  copyInto(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    while (at < end && this.#bytes > 0) {
      const chunk = this.#chunks[this.#first];
      if (chunk === undefined) break;
      const n = Math.min(end - at, chunk.byteLength - this.#offset);
      bytes.set(chunk.subarray(this.#offset, this.#offset + n), at);
      this.#consume(chunk, n);
      at += n;
    }
    return at - start;
  }

  clear(): void {
    this.#chunks.length = 0;
    this.#first = 0;
    this.#count = 0;
    this.#offset = 0;
    this.#bytes = 0;
  }

  #consume(chunk: Uint8Array, n: number): void {
    this.#bytes -= n;
    this.#offset += n;
    if (this.#offset < chunk.byteLength) return;
    this.#offset = 0;
    // The queue must not keep alive what now belongs to somebody else.
    this.#chunks[this.#first] = NOTHING;
    this.#first += 1;
    if (this.#first === this.#count) {
      this.#first = 0;
      this.#count = 0;
    } else if (this.#first >= PLACES_KEPT) {
      this.#chunks.splice(0, this.#first);
      this.#count -= this.#first;
      this.#first = 0;
    }
  }
}
