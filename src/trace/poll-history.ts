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
  /** Where the latest polls start: the last #length of #polls, in a ring of its own. */
  readonly #starts = new Float64Array(2 * MAX_CYCLE_POLLS);
  #polls = 0;
  #length = 0;

  constructor(words: Int32Array, keptRecords: number, ringRecords: number) {
    this.#words = words;
    this.#kept = keptRecords;
    this.#ring = ringRecords;
  }

  begin(start: number): void {
    this.#starts[this.#polls % this.#starts.length] = start;
    this.#polls += 1;
    if (this.#length < this.#starts.length) this.#length += 1;
  }

  /**
   * If the latest of the `idlePolls` polls up to `head` are two equal rounds of a cycle, counts the second in the first, forgets it, and
   * returns where it began, which is where the next record goes. Else returns `head`.
   */
  collapse(head: number, idlePolls: number): number {
    const most = Math.min(this.#length, idlePolls) / 2;
    for (let polls = 1; polls <= most; polls += 1) {
      const second = this.#start(polls);
      const first = this.#start(2 * polls);
      const length = head - second;
      if (length > MAX_CYCLE_RECORDS) return head;
      if (second - first !== length || !this.#areEqual(first, second, length)) continue;
      this.#count(polls);
      this.#polls -= polls;
      this.#length -= polls;
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
    for (let i = 0; i < polls; i += 1) {
      const first = this.#offset(this.#start(2 * polls - i));
      const second = this.#offset(this.#start(polls - i));
      // A poll of the second round may itself stand for several.
      const times = 1 + (this.#words[second + Word.REPEAT] ?? 0);
      const total = (this.#words[first + Word.REPEAT] ?? 0) + times;
      this.#words[first + Word.REPEAT] = Math.min(total, MAX_REPEAT);
      this.#words[first + Word.OFFERED] = this.#words[second + Word.TICK_MS] ?? 0;
    }
  }

  /** Where the poll begins that is so many before the next one. */
  #start(ago: number): number {
    return this.#starts[(this.#polls - ago) % this.#starts.length] ?? 0;
  }

  #offset(index: number): number {
    return recordOffset(index, this.#kept, this.#ring);
  }
}
