import { invariant } from '../../../src/errors.ts';
import type { RecordReader } from './record-reader.ts';

/**
 * Gives a reader whole records, whatever chunks the file comes in. Only what stands across the border of two chunks is
 * copied; so much memory is used as the longest record has.
 */
export class RecordFeeder {
  readonly #reader: RecordReader;
  /** A record that has begun in an earlier chunk. */
  #carry: Uint8Array = new Uint8Array(4096);
  #carried = 0;
  /** Of the first byte that has not been read. */
  #fileOffset = 0;

  constructor(reader: RecordReader) {
    this.#reader = reader;
  }

  push(chunk: Uint8Array): void {
    let at = 0;
    while (this.#carried > 0) {
      const missing = this.#reader.neededBytes - this.#carried;
      const taken = Math.min(missing, chunk.length - at);
      this.#keep(chunk, at, at + taken);
      at += taken;
      if (taken < missing) return;
      const read = this.#reader.read(this.#carry, 0, this.#carried, this.#fileOffset);
      this.#fileOffset += read;
      invariant(
        read === this.#carried || (read === 0 && this.#reader.neededBytes > this.#carried),
        'A reader asks for no more than one record',
      );
      if (read > 0) this.#carried = 0;
    }
    const read = this.#reader.read(chunk, at, chunk.length, this.#fileOffset);
    this.#fileOffset += read - at;
    this.#reader.settle();
    this.#keep(chunk, read, chunk.length);
  }

  end(): void {
    this.#reader.end(this.#carried, this.#fileOffset);
  }

  #keep(bytes: Uint8Array, start: number, end: number): void {
    const size = this.#carried + end - start;
    if (size > this.#carry.length) {
      const larger = new Uint8Array(Math.max(size, this.#carry.length * 2));
      larger.set(this.#carry.subarray(0, this.#carried));
      this.#carry = larger;
    }
    this.#carry.set(bytes.subarray(start, end), this.#carried);
    this.#carried = size;
  }
}
