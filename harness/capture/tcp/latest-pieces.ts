import type { RecentPayload, RecentPlace } from './recent-payload.ts';

/** So many of the latest pieces of a direction are remembered, to be compared with what comes again. */
const REMEMBERED = 16;
/** So many of their bytes are copied when the capture's memory is used again: all of them, unless packets are far larger than a wire's. */
const MAX_COPIED_BYTES = 128 * 1024;

interface Piece {
  /** In the stream; −1: none. */
  offset: number;
  length: number;
  /** Where its bytes are: in the capture's memory until that is used again, then in the ring. */
  bytes: Uint8Array | null;
  start: number;
  place: RecentPlace;
}

/** The latest pieces of one direction, as they were given. Nothing is copied unless it has to be. */
export class LatestPieces {
  readonly #pieces: Piece[] = [];
  #next = 0;
  readonly #recent: RecentPayload;

  constructor(recent: RecentPayload) {
    this.#recent = recent;
  }

  add(offset: number, bytes: Uint8Array, start: number, length: number): void {
    let piece = this.#pieces[this.#next];
    if (piece === undefined) {
      piece = { offset, length, bytes, start, place: -1 };
      this.#pieces.push(piece);
    } else {
      piece.offset = offset;
      piece.length = length;
      piece.bytes = bytes;
      piece.start = start;
    }
    this.#next = (this.#next + 1) % REMEMBERED;
  }

  /** The capture's memory is about to be used again. */
  settle(): void {
    let copied = 0;
    // The latest first.
    for (let count = 1; count <= this.#pieces.length; count += 1) {
      const piece = this.#pieces[(this.#next + REMEMBERED - count) % REMEMBERED];
      if (piece === undefined || piece.bytes === null) continue;
      copied += piece.length;
      piece.place =
        copied > MAX_COPIED_BYTES ? -1 : this.#recent.put(piece.bytes, piece.start, piece.start + piece.length);
      piece.bytes = null;
    }
  }

  /** Nothing more will be compared. */
  clear(): void {
    this.#pieces.length = 0;
    this.#next = 0;
  }

  /**
   * Where in the stream these bytes, which say that they belong at `offset`, first differ from those that were given there;
   * −1: nowhere, as far as those are still known.
   */
  difference(offset: number, bytes: Uint8Array, start: number, end: number): number {
    let first = -1;
    for (const piece of this.#pieces) {
      const at = this.#differenceIn(piece, offset, bytes, start, end);
      if (at !== -1 && (first === -1 || at < first)) first = at;
    }
    return first;
  }

  #differenceIn(piece: Piece, offset: number, bytes: Uint8Array, start: number, end: number): number {
    const first = Math.max(piece.offset, offset);
    const last = Math.min(piece.offset + piece.length, offset + end - start);
    if (last <= first) return -1;
    const known = this.#bytesOf(piece, first - piece.offset, last - first);
    const from = start + first - offset;
    if (known === null || Buffer.compare(known, bytes.subarray(from, from + last - first)) === 0) return -1;
    return first + known.findIndex((byte, index) => byte !== bytes[from + index]);
  }

  #bytesOf({ bytes, start, place }: Piece, skip: number, length: number): Uint8Array | null {
    if (bytes === null) return this.#recent.get(place, skip, length);
    return bytes.subarray(start + skip, start + skip + length);
  }
}
