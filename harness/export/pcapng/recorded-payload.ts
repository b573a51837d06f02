import type { Direction } from '../../../src/poll/direction.ts';
import type { TraceItem } from '../../../src/trace/trace-item.ts';
import type { Payload } from '../../../src/trace/trace-note.ts';

/** So much payload waits for the writes that it belongs to. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
/** What a piece takes besides its bytes, about. */
const PIECE_BYTES = 128;

interface Waiting {
  readonly pieces: Payload[];
  /** The first that still waits. */
  head: number;
}

export interface KnownBytes {
  /** The beginning of what was asked for; empty if nothing of it was recorded. */
  readonly bytes: Uint8Array;
  readonly isRedacted: boolean;
}

const NOTHING: KnownBytes = { bytes: new Uint8Array(0), isRedacted: false };

/**
 * The recorded bytes of a trace, found for one write after the other. A trace may have them before the record of the write or
 * after it, so they are read on their own, no further than needed.
 */
export class RecordedPayload {
  readonly #items: AsyncIterator<TraceItem>;
  readonly #waiting = new Map<string, Waiting>();
  /** Where the recorded bytes of each direction of each connection end. */
  readonly #ends: ReadonlyMap<string, number>;
  #waitingBytes = 0;
  #isOver = false;
  /** Bytes for which there was no room. */
  leftOut = 0;

  /** @param items of the same trace, read once more. @param ends see `payloadKey`. */
  constructor(items: AsyncIterable<TraceItem>, ends: ReadonlyMap<string, number>) {
    this.#items = items[Symbol.asyncIterator]();
    this.#ends = ends;
  }

  /** What is known from `offset` on. Offsets of one direction must not go back. */
  async find(connection: number, direction: Direction, offset: number, length: number): Promise<KnownBytes> {
    const key = payloadKey(connection, direction);
    const end = Math.min(offset + length, this.#ends.get(key) ?? 0);
    const parts: Uint8Array[] = [];
    let isRedacted = false;
    for (let at = offset; at < end;) {
      const piece = await this.#pieceAt(key, at);
      if (piece === null || piece.offset > at) break;
      const from = at - piece.offset;
      const bytes = piece.bytes.subarray(from, from + end - at);
      parts.push(bytes);
      isRedacted ||= piece.redacted;
      at += bytes.length;
    }
    const [only] = parts;
    if (only === undefined) return NOTHING;
    return { bytes: parts.length === 1 ? only : Buffer.concat(parts), isRedacted };
  }

  /** Where the next bytes from `offset` on begin, and how many come in one piece; null if there are none. */
  async next(
    connection: number,
    direction: Direction,
    offset: number,
  ): Promise<{ readonly offset: number; readonly length: number } | null> {
    const key = payloadKey(connection, direction);
    if ((this.#ends.get(key) ?? 0) <= offset) return null;
    const piece = await this.#pieceAt(key, offset);
    return piece === null ? null : { offset: piece.offset, length: piece.bytes.length };
  }

  async close(): Promise<void> {
    this.#isOver = true;
    await this.#items.return?.();
  }

  /** The piece that holds the byte at `offset`, or else the first one after it. */
  async #pieceAt(key: string, offset: number): Promise<Payload | null> {
    for (;;) {
      const piece = this.#first(key, offset);
      if (piece !== null) return piece;
      if (this.#isOver) return null;
      const next = await this.#items.next();
      if (next.done === true) this.#isOver = true;
      else if (next.value.kind === 'payload') this.#keep(next.value.payload);
    }
  }

  #first(key: string, offset: number): Payload | null {
    const waiting = this.#waiting.get(key);
    if (waiting === undefined) return null;
    for (;;) {
      const piece = waiting.pieces[waiting.head];
      if (piece === undefined) {
        this.#waiting.delete(key);
        return null;
      }
      if (piece.offset + piece.bytes.length > offset) return piece;
      this.#waitingBytes -= piece.bytes.length + PIECE_BYTES;
      waiting.head += 1;
      if (waiting.head > 1024 && waiting.head * 2 > waiting.pieces.length) {
        waiting.pieces.splice(0, waiting.head);
        waiting.head = 0;
      }
    }
  }

  #keep(payload: Payload): void {
    if (payload.bytes.length === 0) return;
    const bytes = payload.bytes.length + PIECE_BYTES;
    if (this.#waitingBytes + bytes > MAX_WAITING_BYTES) {
      this.leftOut += payload.bytes.length;
      return;
    }
    this.#waitingBytes += bytes;
    const key = payloadKey(payload.connection, payload.direction);
    const waiting = this.#waiting.get(key);
    if (waiting === undefined) this.#waiting.set(key, { pieces: [payload], head: 0 });
    else waiting.pieces.push(payload);
  }
}

export function payloadKey(connection: number, direction: Direction): string {
  return `${connection} ${direction}`;
}
