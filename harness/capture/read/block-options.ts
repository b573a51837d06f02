/** The options at the end of a pcapng block: code, length, value, padded to 32 bits. */
export class BlockOptions {
  readonly #view: DataView;
  readonly #start: number;
  readonly #end: number;
  readonly #isLittle: boolean;

  constructor(view: DataView, start: number, end: number, isLittle: boolean) {
    this.#view = view;
    this.#start = start;
    this.#end = end;
    this.#isLittle = isLittle;
  }

  /**
   * Where the value of the first option with this code begins and ends; null if there is none. What is cut is left out.
   *
   * @param from Where to begin: behind the one before, of those that may be there more than once.
   */
  find(code: number, from = this.#start): { readonly start: number; readonly end: number } | null {
    let at = from;
    while (at + 4 <= this.#end) {
      const found = this.#view.getUint16(at, this.#isLittle);
      const length = this.#view.getUint16(at + 2, this.#isLittle);
      if (found === 0 || at + 4 + length > this.#end) return null;
      if (found === code) return { start: at + 4, end: at + 4 + length };
      at += 4 + length + (-length & 3);
    }
    return null;
  }

  text(code: number): string | undefined {
    const found = this.find(code);
    return found === null ? undefined : this.#text(found.start, found.end);
  }

  /** Of an option that may be there more than once. */
  *texts(code: number): Generator<string, void, undefined> {
    for (
      let found = this.find(code);
      found !== null;
      found = this.find(code, found.end + (-(found.end - found.start) & 3))
    )
      yield this.#text(found.start, found.end);
  }

  #text(start: number, end: number): string {
    // Some end with zeros. Not by an expression, which would begin anew at each zero of a long one.
    let last = end;
    while (last > start && this.#view.getUint8(last - 1) === 0) last -= 1;
    return Buffer.from(this.#view.buffer, this.#view.byteOffset + start, last - start).toString('utf8');
  }

  /** A 64-bit count, which beyond 2^53 is inexact. */
  uint64(code: number): number | undefined {
    const found = this.find(code);
    return found === null || found.end - found.start < 8
      ? undefined
      : Number(this.#view.getBigUint64(found.start, this.#isLittle));
  }

  int64(code: number): number | undefined {
    const found = this.find(code);
    return found === null || found.end - found.start < 8
      ? undefined
      : Number(this.#view.getBigInt64(found.start, this.#isLittle));
  }

  byte(code: number, index = 0): number | undefined {
    const found = this.find(code);
    return found === null || found.end - found.start <= index ? undefined : this.#view.getUint8(found.start + index);
  }
}
