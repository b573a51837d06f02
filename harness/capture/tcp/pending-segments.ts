import { PENDING_OVERHEAD_BYTES } from './tcp-limits.ts';

/** Payload that has come before what is in front of it. */
export interface PendingSegment {
  /** In the stream. */
  offset: number;
  /** What was captured. */
  bytes: Uint8Array;
  /** What it had on the wire. */
  readonly length: number;
}

/** What one direction keeps back, in the order of the stream, without overlaps: what came first counts. */
export class PendingSegments {
  readonly #list: PendingSegment[] = [];
  /** Bytes that are kept. */
  bytes = 0;
  /** In so many pieces. A number of its own: it is looked at for each segment of a connection. */
  count = 0;

  /** What it takes to keep them, in bytes. */
  get cost(): number {
    return this.bytes + this.count * PENDING_OVERHEAD_BYTES;
  }

  /** Where the first of them begins; Infinity: there is none. */
  get firstOffset(): number {
    return this.#list[0]?.offset ?? Infinity;
  }

  takeFirst(): PendingSegment | undefined {
    const first = this.#list.shift();
    if (first === undefined) return undefined;
    this.bytes -= first.bytes.length;
    this.count -= 1;
    return first;
  }

  /** Keeps a copy. Returns where in the stream it first differs from what is there already; −1: nowhere. */
  add(offset: number, bytes: Uint8Array, length: number): number {
    let conflict = -1;
    let at = this.#indexOf(offset);
    let from = offset;
    const end = offset + length;
    const before = this.#list[at - 1];
    if (before !== undefined && before.offset + before.length > from) {
      conflict = difference(before, offset, bytes);
      from = before.offset + before.length;
    }
    while (from < end) {
      const next = this.#list[at];
      const until = next === undefined ? end : Math.min(end, next.offset);
      if (until > from) {
        this.#insert(at, from, bytes.subarray(from - offset, until - offset), until - from);
        at += 1;
      }
      if (next === undefined || next.offset >= end) break;
      if (conflict === -1) conflict = difference(next, offset, bytes);
      from = next.offset + next.length;
      at += 1;
    }
    return conflict;
  }

  #insert(at: number, offset: number, bytes: Uint8Array, length: number): void {
    // The capture's memory is used again.
    this.#list.splice(at, 0, { offset, bytes: new Uint8Array(bytes), length });
    this.bytes += bytes.length;
    this.count += 1;
  }

  /** Of the first one that begins after `offset`. Most come at the end. */
  #indexOf(offset: number): number {
    let low = 0;
    let high = this.#list.length;
    if (high > 0 && (this.#list[high - 1]?.offset ?? 0) <= offset) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#list[middle]?.offset ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Where `bytes`, which lie at `offset`, first differ from what `kept` has there; −1: nowhere. */
function difference(kept: PendingSegment, offset: number, bytes: Uint8Array): number {
  const from = Math.max(kept.offset, offset);
  const until = Math.min(kept.offset + kept.bytes.length, offset + bytes.length);
  for (let at = from; at < until; at += 1) {
    if (kept.bytes[at - kept.offset] !== bytes[at - offset]) return at;
  }
  return -1;
}
