import { appended } from './appended.ts';

/** Bytes of a stream that are not understood yet, and where their segments begin: there most things begin. */
export class KeptBytes {
  bytes: Buffer = Buffer.alloc(0);
  /** Of the first of them, in the stream. */
  offset = 0;
  /** In the stream. */
  #segments: number[] = [];

  add(bytes: Uint8Array, start: number, end: number): void {
    this.#segments.push(this.offset + this.bytes.length);
    this.bytes = appended(this.bytes, bytes, start, end);
  }

  /** The first of them are understood. */
  drop(length: number): void {
    this.bytes = this.bytes.subarray(length);
    this.offset += length;
    if (this.bytes.length === 0) this.#segments = [];
  }

  /** All of them, segment by segment. They are kept no more. */
  take(): readonly Buffer[] {
    const { bytes, offset } = this;
    const starts = this.#segments.map((start) => start - offset).filter((start) => start > 0);
    this.drop(bytes.length);
    return [0, ...starts].map((start, index) => bytes.subarray(start, starts[index] ?? bytes.length));
  }
}
