import { Kind } from './event-kind.ts';
import { MAX_REPEAT, Word, recordOffset } from './ring-layout.ts';

/** So many polls may make up one round of a cycle: two copies whose directions take turns make four. */
export const MAX_CYCLE_POLLS = 8;
/** Longer rounds are not compared: that is no tight loop. */
export const MAX_CYCLE_RECORDS = 128;

/**
 * Where the latest polls begin in a ring, to find out whether they go round in a cycle: the same events over again,
 * times and poll numbers apart. A cycle may span several polls, of one copy or of several that wake in turn.
 */
export class PollHistory {
  readonly #words: Int32Array;
  readonly #kept: number;
  readonly #ring: number;
  /** Starts of the latest polls, oldest first; twice the longest cycle, and the one that begins now. */
  readonly #starts: number[] = [];

  constructor(words: Int32Array, keptRecords: number, ringRecords: number) {
    this.#words = words;
    this.#kept = keptRecords;
    this.#ring = ringRecords;
  }

  begin(start: number): void {
    if (this.#starts.length === 2 * MAX_CYCLE_POLLS) this.#starts.shift();
    this.#starts.push(start);
  }

  /**
   * If the latest of the `idlePolls` polls up to `head` are two equal rounds of a cycle, counts the second in the first, forgets it, and
   * returns where it began, which is where the next record goes. Else returns `head`.
   */
  collapse(head: number, idlePolls: number): number {
    const starts = this.#starts;
    const most = Math.min(starts.length, idlePolls) / 2;
    for (let polls = 1; polls <= most; polls += 1) {
      const second = starts[starts.length - polls] ?? 0;
      const first = starts[starts.length - 2 * polls] ?? 0;
      const length = head - second;
      if (length > MAX_CYCLE_RECORDS) return head;
      if (second - first !== length || !this.#areEqual(first, second, length)) continue;
      this.#count(polls);
      starts.length -= polls;
      return second;
    }
    return head;
  }

  #areEqual(first: number, second: number, length: number): boolean {
    const words = this.#words;
    for (let i = 0; i < length; i += 1) {
      const x = this.#offset(first + i);
      const y = this.#offset(second + i);
      if (words[x] !== words[y] || words[x + Word.CONNECTION] !== words[y + Word.CONNECTION]) return false;
      if (words[x] === Kind.POLL) {
        // A poll's other words are its time, its number and its repeats, which differ by nature.
        if (words[x + Word.REPEAT] === MAX_REPEAT) return false;
        continue;
      }
      for (let word: number = Word.POS; word <= Word.N; word += 1)
        if (words[x + word] !== words[y + word]) return false;
      // For a loop that has been repeated, `offered` is the time of the last repeat.
      const repeat = words[x + Word.REPEAT];
      if (repeat !== words[y + Word.REPEAT]) return false;
      if (repeat === 0 && words[x + Word.OFFERED] !== words[y + Word.OFFERED]) return false;
    }
    return true;
  }

  #count(polls: number): void {
    const starts = this.#starts;
    for (let i = 0; i < polls; i += 1) {
      const first = this.#offset(starts[starts.length - 2 * polls + i] ?? 0);
      const second = this.#offset(starts[starts.length - polls + i] ?? 0);
      // A poll of the second round may itself stand for several.
      const times = 1 + (this.#words[second + Word.REPEAT] ?? 0);
      const total = (this.#words[first + Word.REPEAT] ?? 0) + times;
      this.#words[first + Word.REPEAT] = Math.min(total, MAX_REPEAT);
      this.#words[first + Word.OFFERED] = this.#words[second + Word.TICK_MS] ?? 0;
    }
  }

  #offset(index: number): number {
    return recordOffset(index, this.#kept, this.#ring);
  }
}
