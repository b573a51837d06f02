/**
 * Chance from a seed: the same numbers on every machine and every Node. sfc32 in 32-bit integers, whose state is used
 * again, so that a draw allocates nothing.
 */
export class Random {
  readonly #state = new Int32Array(4);

  constructor(seed = 0) {
    this.reset(seed);
  }

  /** Begins anew with this seed, of which 32 bits count. */
  reset(seed: number): void {
    const state = this.#state;
    state[0] = 0x9e3779b9;
    state[1] = 0x243f6a88;
    state[2] = seed | 0;
    state[3] = 1;
    // The first draws are too much like the seed.
    for (let i = 0; i < 12; i += 1) this.next();
  }

  /** An integer from 0 to 2^31 − 1. */
  next(): number {
    const state = this.#state;
    const [a, b, c, d] = [state[0] ?? 0, state[1] ?? 0, state[2] ?? 0, state[3] ?? 0];
    const sum = (((a + b) | 0) + d) | 0;
    state[3] = (d + 1) | 0;
    state[0] = b ^ (b >>> 9);
    state[1] = (c + (c << 3)) | 0;
    state[2] = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 1;
  }

  /** An integer from 0 to `limit` − 1; even enough for limits far below 2^31. */
  below(limit: number): number {
    return this.next() % limit;
  }
}
