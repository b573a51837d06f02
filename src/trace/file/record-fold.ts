import { WORDS_PER_RECORD } from '../ring-layout.ts';
import { MAX_REWIND_RECORDS } from './trace-format.ts';

/** Small chunks are passed on together, so many records at a time. */
const BATCH_RECORDS = 4096;
/** So many at most wait here, for what may take them back or for others to go with. */
const MAX_HELD_RECORDS = MAX_REWIND_RECORDS + BATCH_RECORDS;

export interface RecordBatch {
  readonly firstSeq: number;
  readonly words: Int32Array;
}

/**
 * Makes one ascending sequence of the records of a file: those that were taken back by a later chunk are left out, which
 * is why the last MAX_REWIND_RECORDS wait here until as many have followed.
 */
export class RecordFold {
  readonly #held = new Int32Array(MAX_HELD_RECORDS * WORDS_PER_RECORD);
  #first = 0;
  #count = 0;
  #hasBegun = false;

  /** How many of the records taken back by a chunk that begins there have been passed on already. */
  late(firstSeq: number): number {
    return this.#hasBegun ? Math.max(0, this.#first - firstSeq) : 0;
  }

  /** The records of one chunk. What comes back is to be used before the next is asked for. */
  *add(firstSeq: number, words: Int32Array): Generator<RecordBatch> {
    const skipped = Math.min(this.late(firstSeq) * WORDS_PER_RECORD, words.length);
    const records = words.subarray(skipped);
    const from = firstSeq + skipped / WORDS_PER_RECORD;
    if (!this.#hasBegun || from > this.#first + this.#count) {
      yield* this.flush();
      this.#first = from;
      this.#hasBegun = true;
    }
    // What was taken back is forgotten here.
    this.#count = Math.max(0, Math.min(this.#count, from - this.#first));
    const count = records.length / WORDS_PER_RECORD;
    const passed = this.#count + count - MAX_REWIND_RECORDS;
    if (this.#count + count <= MAX_HELD_RECORDS) {
      this.#hold(records);
      return;
    }
    const fromHeld = Math.min(passed, this.#count);
    yield* this.#pass(fromHeld);
    if (passed > fromHeld) {
      const end = (passed - fromHeld) * WORDS_PER_RECORD;
      const firstPassed = this.#first;
      this.#first += passed - fromHeld;
      yield { firstSeq: firstPassed, words: records.subarray(0, end) };
      this.#hold(records.subarray(end));
    } else {
      this.#hold(records);
    }
  }

  /** Passes on all that is held. */
  *flush(): Generator<RecordBatch> {
    yield* this.#pass(this.#count);
  }

  *#pass(count: number): Generator<RecordBatch> {
    if (count === 0) return;
    const words = count * WORDS_PER_RECORD;
    yield { firstSeq: this.#first, words: this.#held.subarray(0, words) };
    this.#held.copyWithin(0, words, this.#count * WORDS_PER_RECORD);
    this.#first += count;
    this.#count -= count;
  }

  #hold(records: Int32Array): void {
    this.#held.set(records, this.#count * WORDS_PER_RECORD);
    this.#count += records.length / WORDS_PER_RECORD;
  }
}
