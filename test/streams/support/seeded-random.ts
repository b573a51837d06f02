/** Numbers that depend on a seed alone (xorshift, 32 bits). For sizes and payloads; not harness/sim's, which schedules. */
export class SeededRandom {
  #state: number;

  constructor(seed: number) {
    // Zero would stay zero.
    this.#state = seed >>> 0 || 1;
  }

  /** An integer from `least` to `most`. */
  between(least: number, most: number): number {
    return least + (this.#next() % (most - least + 1));
  }

  /** Mostly small, now and then near `most`: sizes that hit the edges of buffers. */
  size(most: number): number {
    return this.between(1, this.between(0, 3) === 0 ? most : Math.max(1, most >> 6));
  }

  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i += 1) bytes[i] = this.#next();
    return bytes;
  }

  #next(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return this.#state;
  }
}
