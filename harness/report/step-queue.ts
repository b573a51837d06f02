import { Flag, Kind } from '../../src/trace/event-kind.ts';
import { Word, WORDS_PER_RECORD } from '../../src/trace/ring-layout.ts';
import type { TraceEvent } from '../../src/trace/trace-event.ts';
import { RecordWindow } from './record-window.ts';
import { sameStep } from './record-key.ts';

/** So many records before the first one that waits are kept, to show what came before it. */
const KEPT_RECORDS = 16;
const FIRST_CAPACITY = 32;

/**
 * The records of one connection that wait to be compared, without what makes two runs differ by nature. Loops and polls
 * that repeat the one before are counted in it, as a recorder does: a printed trace has them one by one.
 */
export class StepQueue {
  #words = new Int32Array(FIRST_CAPACITY * WORDS_PER_RECORD);
  #seqs = new Float64Array(FIRST_CAPACITY);
  #times = new Float64Array(FIRST_CAPACITY);
  #head = 0;
  #tail = 0;
  /** Whether nothing comes any more. */
  ended = false;

  /** Records that can be compared: the last one may still repeat. */
  get ready(): number {
    return Math.max(0, this.#tail - this.#head - (this.ended ? 0 : 1));
  }

  get length(): number {
    return this.#tail - this.#head;
  }

  push(words: Int32Array, at: number, seq: number): void {
    const times = 1 + (words[at + Word.REPEAT] ?? 0);
    const last = this.#tail - 1;
    const kind = (words[at] ?? 0) & Flag.KIND_MASK;
    if ((kind === Kind.LOOP || kind === Kind.POLL) && last >= this.#head) {
      if (sameStep(this.#words, last * WORDS_PER_RECORD, words, at)) {
        this.#times[last] = (this.#times[last] ?? 0) + times;
        return;
      }
    }
    if (this.#tail === this.#seqs.length) this.#makeRoom();
    const to = this.#tail * WORDS_PER_RECORD;
    for (let word = 0; word < WORDS_PER_RECORD; word += 1) this.#words[to + word] = words[at + word] ?? 0;
    this.#seqs[this.#tail] = seq;
    this.#times[this.#tail] = times;
    this.#tail += 1;
  }

  /** Of the first record that waits. */
  get kind(): number {
    return (this.#words[this.#head * WORDS_PER_RECORD] ?? 0) & Flag.KIND_MASK;
  }

  get seq(): number {
    return this.#seqs[this.#head] ?? 0;
  }

  get times(): number {
    return this.#times[this.#head] ?? 0;
  }

  /** Whether the first that waits is the same step as another's first. */
  matches(other: StepQueue): boolean {
    return sameStep(this.#words, this.#head * WORDS_PER_RECORD, other.#words, other.#head * WORDS_PER_RECORD);
  }

  skip(): void {
    this.#head += 1;
  }

  /** Goes back to the event that the first record is an extension of. */
  rewindToEvent(): void {
    while (this.#head > 0 && this.kind === Kind.EXTENSION) this.#head -= 1;
  }

  /** Keeps so many records that wait, and what came before them; the memory of the rest is let go. */
  trim(records: number): void {
    const from = Math.max(0, this.#head - KEPT_RECORDS);
    const to = Math.min(this.#tail, this.#head + records);
    const capacity = Math.max(FIRST_CAPACITY, to - from);
    const [words, seqs, times] = [this.#words, this.#seqs, this.#times];
    this.#words = new Int32Array(capacity * WORDS_PER_RECORD);
    this.#words.set(words.subarray(from * WORDS_PER_RECORD, to * WORDS_PER_RECORD));
    this.#seqs = new Float64Array(capacity);
    this.#seqs.set(seqs.subarray(from, to));
    this.#times = new Float64Array(capacity);
    this.#times.set(times.subarray(from, to));
    this.#head -= from;
    this.#tail = to - from;
  }

  /** Up to so many events before the first that waits, and from it on. Their connections are numbered `connection`. */
  around(events: number, connection: number): { before: TraceEvent[]; after: TraceEvent[] } {
    const window = new RecordWindow(Math.max(1, this.#tail));
    for (let i = 0; i < this.#tail; i += 1) {
      const words = this.#words.slice(i * WORDS_PER_RECORD, (i + 1) * WORDS_PER_RECORD);
      const kind = (words[0] ?? 0) & Flag.KIND_MASK;
      if (kind !== Kind.GAP && kind !== Kind.EXTENSION) words[Word.CONNECTION] = connection;
      window.append(words, this.#seqs[i] ?? 0);
    }
    const before = window.events(window.back(this.#head, events), this.#head);
    return { before, after: window.events(this.#head, this.#tail).slice(0, events + 1) };
  }

  #makeRoom(): void {
    const unneeded = this.#head - KEPT_RECORDS;
    if (unneeded > this.#seqs.length / 2) {
      this.#words.copyWithin(0, unneeded * WORDS_PER_RECORD, this.#tail * WORDS_PER_RECORD);
      this.#seqs.copyWithin(0, unneeded, this.#tail);
      this.#times.copyWithin(0, unneeded, this.#tail);
      this.#head -= unneeded;
      this.#tail -= unneeded;
      return;
    }
    const capacity = 2 * this.#seqs.length;
    const [words, seqs, times] = [this.#words, this.#seqs, this.#times];
    this.#words = new Int32Array(capacity * WORDS_PER_RECORD);
    this.#words.set(words);
    this.#seqs = new Float64Array(capacity);
    this.#seqs.set(seqs);
    this.#times = new Float64Array(capacity);
    this.#times.set(times);
  }
}
