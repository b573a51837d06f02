import { Kind } from './event-kind.ts';
import { MAX_REPEAT, Word, WORDS_PER_RECORD } from './ring-layout.ts';

// Constants of this module, and a record's words by their numbers: see recorder.ts.
const { POLL } = Kind;
const FULL = MAX_REPEAT;

/** So many polls may make up one round of a cycle: two copies whose directions take turns make four. */
export const MAX_CYCLE_POLLS = 8;
/** Longer rounds are not compared: that is no tight loop. */
export const MAX_CYCLE_RECORDS = 128;

/** Two rounds are remembered; a power of two, so that a place in the table is a mask away. */
export const REMEMBERED_POLLS = 2 * MAX_CYCLE_POLLS;
const PLACE_MASK = REMEMBERED_POLLS - 1;

/**
 * Where the latest polls begin in a ring, to find out whether they go round in a cycle: the same events over again,
 * times and poll numbers apart. A cycle may span several polls, of one copy or of several that wake in turn.
 */
export class PollHistory {
  readonly #words: Int32Array;
  readonly #ringStart: number;
  /** Of each poll: the word at which it begins, and the low 32 bits of the number of its first record. */
  readonly #starts = new Int32Array(REMEMBERED_POLLS);
  readonly #heads = new Int32Array(REMEMBERED_POLLS);
  /** The place in both tables where the next poll goes, and how many before it are filled. */
  #place = 0;
  #length = 0;

  /** @param ringStart the word at which the ring begins anew when its end is reached. */
  constructor(words: Int32Array, ringStart: number) {
    this.#words = words;
    this.#ringStart = ringStart;
  }

  /** Forgets all of them. */
  reset(): void {
    this.#place = 0;
    this.#length = 0;
  }

  /** A poll begins at this word; so many records, modulo 2^32, were written before it. */
  begin(start: number, head: number): void {
    this.#starts[this.#place] = start;
    this.#heads[this.#place] = head;
    this.#place = (this.#place + 1) & PLACE_MASK;
    if (this.#length < REMEMBERED_POLLS) this.#length += 1;
  }

  /**
   * If the latest of the `idlePolls` polls up to `head` are two equal rounds of a cycle, counts the second in the
   * first, forgets it, and returns its number of records: so many are taken back, and the next goes to `end`. Else
   * returns 0.
   */
  collapse(head: number, idlePolls: number): number {
    const most = Math.min(this.#length, idlePolls) >> 1;
    for (let polls = 1; polls <= most; polls += 1) {
      const second = this.#at(polls);
      const first = this.#at(2 * polls);
      // Differences of 32-bit numbers, which are right though the numbers themselves have wrapped.
      const length = (head - (this.#heads[second] ?? 0)) | 0;
      if (length > MAX_CYCLE_RECORDS) return 0;
      if ((((this.#heads[second] ?? 0) - (this.#heads[first] ?? 0)) | 0) !== length) continue;
      if (!this.#areEqual(this.#starts[first] ?? 0, this.#starts[second] ?? 0, length)) continue;
      this.#count(polls);
      this.#place = second;
      this.#length -= polls;
      return length;
    }
    return 0;
  }

  /** After a collapse: the word at which the round began that was taken back. */
  get end(): number {
    return this.#starts[this.#place] ?? 0;
  }

  #areEqual(first: number, second: number, length: number): boolean {
    let x = first;
    let y = second;
    for (let i = 0; i < length; i += 1) {
      if (!this.#isSame(x, y)) return false;
      x = this.#after(x);
      y = this.#after(y);
    }
    return true;
  }

  /** Whether two records are equal but for what differs by nature: the tick, and a poll's time, number and repeats. */
  #isSame(x: number, y: number): boolean {
    const words = this.#words;
    if (words[x] !== words[y] || words[x + 1] !== words[y + 1]) return false;
    const repeat = words[x + 7];
    // What stands for more than a count can hold is not put together.
    if (words[x] === POLL) return (repeat ?? 0) + (words[y + 7] ?? 0) < FULL;
    if (words[x + 2] !== words[y + 2] || words[x + 3] !== words[y + 3] || words[x + 4] !== words[y + 4]) return false;
    if (repeat !== words[y + 7]) return false;
    // For a loop that has been repeated, `offered` is the time of the last repeat.
    return repeat !== 0 || words[x + 5] === words[y + 5];
  }

  #count(polls: number): void {
    const words = this.#words;
    for (let i = 0; i < polls; i += 1) {
      const first = this.#starts[this.#at(2 * polls - i)] ?? 0;
      const second = this.#starts[this.#at(polls - i)] ?? 0;
      // A poll of the second round may itself stand for several; #isSame has seen that the sum fits.
      words[first + Word.REPEAT] = (words[first + Word.REPEAT] ?? 0) + 1 + (words[second + Word.REPEAT] ?? 0);
      words[first + Word.OFFERED] = words[second + Word.TICK_MS] ?? 0;
    }
  }

  /** The place of the poll that is so many before the next one. */
  #at(ago: number): number {
    return (this.#place - ago) & PLACE_MASK;
  }

  #after(at: number): number {
    return at + WORDS_PER_RECORD === this.#words.length ? this.#ringStart : at + WORDS_PER_RECORD;
  }
}
