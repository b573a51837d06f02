import { invariant } from '../../src/errors.ts';
import { Flag, Kind } from '../../src/trace/event-kind.ts';
import { Word, WORDS_PER_RECORD } from '../../src/trace/ring-layout.ts';
import type { TraceEvent } from '../../src/trace/trace-event.ts';
import { decodeRecords } from '../../src/trace/decode-records.ts';

/** The latest raw records of a trace, by how many came before each (its index: unlike a sequence number, it has no gaps). */
export class RecordWindow {
  readonly capacity: number;
  readonly #words: Int32Array;
  readonly #seqs: Float64Array;
  #end = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.#words = new Int32Array(capacity * WORDS_PER_RECORD);
    this.#seqs = new Float64Array(capacity);
  }

  /** Index of the first record that is still here. */
  get start(): number {
    return Math.max(0, this.#end - this.capacity);
  }

  /** Index of the record that comes next. */
  get end(): number {
    return this.#end;
  }

  /** Appends records with consecutive sequence numbers from `firstSeq` on; no more than fit. */
  append(words: Int32Array, firstSeq: number): void {
    const count = words.length / WORDS_PER_RECORD;
    invariant(count <= this.capacity, 'More records at once than the window holds');
    const slot = this.#end % this.capacity;
    const first = Math.min(count, this.capacity - slot);
    this.#words.set(words.subarray(0, first * WORDS_PER_RECORD), slot * WORDS_PER_RECORD);
    if (first < count) this.#words.set(words.subarray(first * WORDS_PER_RECORD), 0);
    for (let i = 0; i < first; i += 1) this.#seqs[slot + i] = firstSeq + i;
    for (let i = first; i < count; i += 1) this.#seqs[i - first] = firstSeq + i;
    this.#end += count;
  }

  /** A word of the record with that index, which must still be here. */
  word(index: number, word: number): number {
    return this.#words[(index % this.capacity) * WORDS_PER_RECORD + word] ?? 0;
  }

  kind(index: number): number {
    return this.word(index, Word.HEAD) & Flag.KIND_MASK;
  }

  seq(index: number): number {
    return this.#seqs[index % this.capacity] ?? 0;
  }

  /** The index of the first record with that sequence number or a higher one. */
  indexOf(seq: number): number {
    let [low, high] = [this.start, this.#end];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.seq(middle) < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The index of the event that is `events` events before `index`, or the first that is here. */
  back(index: number, events: number): number {
    let at = index;
    for (let left = events; left > 0 && at > this.start; left -= 1) {
      at -= 1;
      while (at > this.start && this.kind(at) === Kind.EXTENSION) at -= 1;
    }
    return at;
  }

  /** The events from one index up to another; an extension whose record is outside belongs to nothing. */
  events(from: number, to: number): TraceEvent[] {
    const events: TraceEvent[] = [];
    let at = Math.max(from, this.start);
    while (at < Math.min(to, this.#end)) {
      const next = this.#segmentEnd(at, Math.min(to, this.#end));
      const words = new Int32Array((next - at) * WORDS_PER_RECORD);
      for (let i = at; i < next; i += 1) {
        const slot = (i % this.capacity) * WORDS_PER_RECORD;
        words.set(this.#words.subarray(slot, slot + WORDS_PER_RECORD), (i - at) * WORDS_PER_RECORD);
      }
      for (const event of decodeRecords(words, this.seq(at))) events.push(event.kind === 'gap' ? gapOf(event) : event);
      at = next;
    }
    return events;
  }

  /** Where the sequence numbers stop being consecutive. */
  #segmentEnd(from: number, to: number): number {
    let at = from + 1;
    while (at < to && this.seq(at) === this.seq(at - 1) + 1) at += 1;
    return at;
  }
}

/** A gap has a number, and nothing else that a record has. */
function gapOf({ seq, kind, connection, tickMs, n = 0 }: TraceEvent): TraceEvent {
  return { seq, kind, connection, tickMs, n };
}
