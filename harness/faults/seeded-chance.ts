/** Numbers by chance, the same for the same seeds in every Node. SplitMix32: one multiplication more than nothing. */
export class SeededChance {
  #state: number;

  /** Each seed may be any safe integer; their order matters. */
  constructor(...seeds: readonly number[]) {
    let state = 0x9e3779b9;
    for (const seed of seeds) {
      state = mix(state ^ (seed | 0));
      state = mix(state ^ (Math.floor(seed / 0x100000000) | 0));
    }
    this.#state = state;
  }

  /** 0 ≤ x < 1. */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    return mix(this.#state) / 0x100000000;
  }

  /** A whole number, 0 ≤ x < `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }
}

function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return (x ^ (x >>> 15)) >>> 0;
}
