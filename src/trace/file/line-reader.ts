/** Room for the longest chunk in base64, and what stands beside it. */
export const MAX_LINE_BYTES = 1 << 21;
const NEWLINE = 0x0a;

export interface Line {
  /** From 1. */
  readonly number: number;
  /** Of its first byte in the file. */
  readonly offset: number;
  /** `null`: it was longer than MAX_LINE_BYTES. */
  readonly text: string | null;
  /** Whether the end of the file came instead of the end of the line. */
  readonly isCut: boolean;
}

/** Cuts bytes into lines, however they come, in bounded memory. */
export class LineReader {
  #number = 1;
  #offset = 0;
  /** The beginning of a line whose end has not come: its pieces, and their length, or what would have been. */
  #pieces: Uint8Array[] = [];
  #bytes = 0;

  *push(bytes: Uint8Array): Generator<Line> {
    let from = 0;
    for (;;) {
      const end = bytes.indexOf(NEWLINE, from);
      if (end === -1) break;
      yield this.#line(bytes.subarray(from, end), false);
      from = end + 1;
    }
    this.#keep(bytes.subarray(from), true);
  }

  *end(): Generator<Line> {
    if (this.#bytes > 0) yield this.#line(new Uint8Array(0), true);
  }

  #line(last: Uint8Array, isCut: boolean): Line {
    this.#keep(last, false);
    const [first, ...more] = this.#pieces;
    const whole = first === undefined || more.length > 0 ? Buffer.concat(this.#pieces) : first;
    const text =
      this.#bytes > MAX_LINE_BYTES ? null : Buffer.from(whole.buffer, whole.byteOffset, whole.length).toString();
    const line = { number: this.#number, offset: this.#offset, text, isCut };
    this.#number += 1;
    this.#offset += this.#bytes + 1;
    this.#pieces = [];
    this.#bytes = 0;
    return line;
  }

  /** `isLent`: the source may use the memory again. */
  #keep(bytes: Uint8Array, isLent: boolean): void {
    this.#bytes += bytes.length;
    if (this.#bytes > MAX_LINE_BYTES) this.#pieces = [];
    // The `slice` of a Buffer would be no copy.
    else if (bytes.length > 0) this.#pieces.push(isLent ? new Uint8Array(bytes) : bytes);
  }
}
