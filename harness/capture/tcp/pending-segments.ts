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

  get count(): number {
    return this.#list.length;
  }

  /** Where the first of them begins; Infinity: there is none. */
  get firstOffset(): number {
    return this.#list[0]?.offset ?? Infinity;
  }

  takeFirst(): PendingSegment | undefined {
    const first = this.#list.shift();
    if (first !== undefined) this.bytes -= first.bytes.length;
    return first;
  }

  /** Keeps a copy. Returns how many of its bytes differ from those that are there already. */
  add(offset: number, bytes: Uint8Array, length: number): number {
    let conflicts = 0;
    let at = this.#indexOf(offset);
    let from = offset;
    const end = offset + length;
    const before = this.#list[at - 1];
    if (before !== undefined && before.offset + before.length > from) {
      conflicts += differences(before, offset, bytes);
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
      conflicts += differences(next, offset, bytes);
      from = next.offset + next.length;
      at += 1;
    }
    return conflicts;
  }

  #insert(at: number, offset: number, bytes: Uint8Array, length: number): void {
    // The capture's memory is used again.
    this.#list.splice(at, 0, { offset, bytes: Uint8Array.from(bytes), length });
    this.bytes += bytes.length;
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

/** How many bytes of `bytes`, which lie at `offset`, are others than `kept` has there. */
function differences(kept: PendingSegment, offset: number, bytes: Uint8Array): number {
  const from = Math.max(kept.offset, offset);
  const until = Math.min(kept.offset + kept.bytes.length, offset + bytes.length);
  let count = 0;
  for (let at = from; at < until; at += 1) {
    if (kept.bytes[at - kept.offset] !== bytes[at - offset]) count += 1;
  }
  return count;
}
