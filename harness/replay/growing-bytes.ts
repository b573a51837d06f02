const FIRST_BYTES = 4096;

/** Bytes that come piece by piece, copied into one memory that grows. */
export class GrowingBytes {
  length = 0;
  #bytes: Uint8Array = new Uint8Array(FIRST_BYTES);

  /** Room for `length` more, to be written to by whoever asks. */
  extend(length: number): Uint8Array {
    const start = this.length;
    const end = start + length;
    if (end > this.#bytes.length) {
      const longer = new Uint8Array(Math.max(end, 2 * this.#bytes.length));
      longer.set(this.#bytes.subarray(0, start));
      this.#bytes = longer;
    }
    this.length = end;
    return this.#bytes.subarray(start, end);
  }

  cut(length: number): void {
    this.length = Math.min(length, this.length);
  }

  whole(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }
}
