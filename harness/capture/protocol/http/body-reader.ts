import { MAX_CHUNK_LINE_BYTES } from '../protocol-limits.ts';

type Part =
  /** So many bytes of the body, or of a chunk. */
  | { readonly kind: 'data'; left: number }
  /** The line that says how long a chunk is, or a trailer. */
  | { readonly kind: 'size' | 'trailer'; text: string }
  /** The end of the line behind a chunk. */
  | { readonly kind: 'crlf'; left: number };

/** Finds the end of a body. What is in it is nobody's business here. */
export class BodyReader {
  readonly #isChunked: boolean;
  #part: Part;
  isOver = false;
  /** Why its end cannot be found; null: it can. */
  wrong: string | null = null;

  /** @param bytes its length; null: it comes in chunks. */
  constructor(bytes: number | null) {
    this.#isChunked = bytes === null;
    this.#part = bytes === null ? { kind: 'size', text: '' } : { kind: 'data', left: bytes };
    this.isOver = bytes === 0;
  }

  /** Returns how many of the bytes belong to it. */
  take(bytes: Buffer): number {
    let at = 0;
    while (at < bytes.length && !this.isOver && this.wrong === null) at += this.#step(bytes, at);
    return at;
  }

  /** So many bytes are missing. False: its end is not known any more. */
  miss(length: number): boolean {
    if (this.#part.kind !== 'data' || this.#part.left < length) return false;
    this.#part.left -= length;
    if (this.#part.left === 0) this.#endData();
    return true;
  }

  #step(bytes: Buffer, at: number): number {
    const part = this.#part;
    switch (part.kind) {
      case 'data':
      case 'crlf': {
        const n = Math.min(part.left, bytes.length - at);
        part.left -= n;
        if (part.left === 0) {
          if (part.kind === 'data') this.#endData();
          else this.#part = { kind: 'size', text: '' };
        }
        return n;
      }
      case 'size':
      case 'trailer': {
        const newline = bytes.indexOf(0x0a, at);
        const end = newline === -1 ? bytes.length : newline + 1;
        part.text += bytes.toString('latin1', at, Math.min(end, at + MAX_CHUNK_LINE_BYTES));
        if (part.text.length >= MAX_CHUNK_LINE_BYTES) this.wrong = 'a line without an end in a chunked body';
        else if (newline !== -1) this.#endLine(part.kind, part.text.trim());
        return end - at;
      }
    }
  }

  #endData(): void {
    if (this.#isChunked) this.#part = { kind: 'crlf', left: 2 };
    else this.isOver = true;
  }

  #endLine(kind: 'size' | 'trailer', line: string): void {
    if (kind === 'trailer') {
      if (line === '') this.isOver = true;
      else this.#part = { kind: 'trailer', text: '' };
      return;
    }
    const size = /^([0-9a-f]{1,12})\s*(?:;.*)?$/i.exec(line)?.[1];
    if (size === undefined) {
      this.wrong = 'a chunk without a length';
      return;
    }
    const bytes = Number.parseInt(size, 16);
    this.#part = bytes === 0 ? { kind: 'trailer', text: '' } : { kind: 'data', left: bytes };
  }
}
