import { Flag, Kind } from '../event-kind.ts';
import { Word, WORDS_PER_RECORD } from '../ring-layout.ts';
import { MAX_REWIND_RECORDS } from './trace-format.ts';

/** How the latest records of a ring differ from what has been written of them. */
export interface TailChange {
  /** The first record that differs. */
  readonly firstSeq: number;
  /** Whether anything has happened that had not before; else only counts and times have grown, or polls gone round. */
  readonly isNew: boolean;
}

/**
 * The last MAX_REWIND_RECORDS that were written, as they were: those that may still be taken back. It remembers what stood
 * after the present end, too, because a loop of polls writes the same records there over and over.
 */
export class ProvisionalTail {
  readonly #words = new Int32Array(MAX_REWIND_RECORDS * WORDS_PER_RECORD);
  /** The oldest record that is here: records before it are final. */
  #first = 0;
  /** One more than the latest record that is written, and than the latest that ever was. */
  #head = 0;
  #peak = 0;

  /** Where a comparison begins. */
  get firstSeq(): number {
    return Math.max(this.#first, this.#peak - MAX_REWIND_RECORDS);
  }

  /** Compares all records from `firstSeq` on; `null` if nothing has changed. Those before it must be as they were. */
  compare(firstSeq: number, words: Int32Array): TailChange | null {
    const end = firstSeq + words.length / WORDS_PER_RECORD;
    let change = end === this.#head ? Number.POSITIVE_INFINITY : Math.min(end, this.#head);
    let isNew = end > this.#peak;
    for (let seq = Math.max(firstSeq, this.firstSeq); seq < Math.min(end, this.#peak); seq += 1) {
      const at = (seq - firstSeq) * WORDS_PER_RECORD;
      const before = (seq % MAX_REWIND_RECORDS) * WORDS_PER_RECORD;
      if (areEqual(words, at, this.#words, before)) continue;
      change = Math.min(change, seq);
      isNew ||= !areEqualButForCounts(words, at, this.#words, before);
    }
    if (change === Number.POSITIVE_INFINITY) return null;
    // An extension goes with its record.
    while (change > firstSeq && change < end && isExtension(words, change - firstSeq)) change -= 1;
    return { firstSeq: change, isNew };
  }

  /** These records have been written, and none after them stands. After a gap, none before them counts any more. */
  store(firstSeq: number, words: Int32Array): void {
    if (firstSeq > this.#peak) this.#first = firstSeq;
    this.#head = firstSeq + words.length / WORDS_PER_RECORD;
    this.#peak = Math.max(this.#peak, this.#head);
    for (let seq = Math.max(firstSeq, this.firstSeq); seq < this.#head; seq += 1) {
      const at = (seq - firstSeq) * WORDS_PER_RECORD;
      this.#words.set(words.subarray(at, at + WORDS_PER_RECORD), (seq % MAX_REWIND_RECORDS) * WORDS_PER_RECORD);
    }
  }
}

function areEqual(a: Int32Array, at: number, b: Int32Array, bt: number): boolean {
  for (let word = 0; word < WORDS_PER_RECORD; word += 1) if (a[at + word] !== b[bt + word]) return false;
  return true;
}

/** As the recorder compares the rounds of a cycle: PollHistory. */
function areEqualButForCounts(a: Int32Array, at: number, b: Int32Array, bt: number): boolean {
  if (a[at] !== b[bt] || a[at + Word.CONNECTION] !== b[bt + Word.CONNECTION]) return false;
  const kind = (a[at] ?? 0) & Flag.KIND_MASK;
  if (kind === Kind.POLL) return true;
  const last = kind === Kind.LOOP ? Word.N : Word.OFFERED;
  for (let word: number = Word.POS; word <= last; word += 1) if (a[at + word] !== b[bt + word]) return false;
  return true;
}

function isExtension(words: Int32Array, index: number): boolean {
  return ((words[index * WORDS_PER_RECORD] ?? 0) & Flag.KIND_MASK) === Kind.EXTENSION;
}
