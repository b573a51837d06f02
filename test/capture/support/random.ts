/** Numbers that look like chance, and are the same in each run (xorshift). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 … 2^32 − 1. */
  next(): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state >>> 0;
    return this.#state;
  }

  below(limit: number): number {
    return Math.floor((this.next() / 0x1_0000_0000) * limit);
  }

  fill(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; at += 1) bytes[at] = this.next() >>> 24;
  }
}
