import { WORDS_PER_RECORD } from '../ring-layout.ts';
import type { TraceItem } from '../trace-item.ts';
import { TraceAmount } from './trace-amount.ts';
import { RECORD_BYTES } from './trace-format.ts';

/**
 * What is kept of a trace that has grown too long, in at most five eighths of `maxBytes`: of its records and payload the
 * first quarter of `maxBytes` and the latest, of its notes the first sixteenth and the latest. What is left out between
 * shows as a jump of the records' numbers.
 */
export class KeptItems {
  readonly #quarter: number;
  readonly #sixteenth: number;
  readonly #total: Readonly<Pick<TraceAmount, 'data' | 'notes'>>;
  readonly #passed = new TraceAmount();
  #hasAbout = false;

  /** `total`: how much all of them are. If there are more in the end, those are kept as well. */
  constructor(total: TraceAmount, maxBytes: number) {
    this.#quarter = Math.floor(maxBytes / 4);
    this.#sixteenth = Math.floor(maxBytes / 16);
    this.#total = { data: total.data, notes: total.notes };
  }

  /** What is kept of the next item. */
  *of(item: TraceItem): Generator<TraceItem> {
    const passed = this.#passed;
    const { data, notes } = passed;
    passed.add(item);
    const latestData = this.#total.data - this.#quarter;
    if (item.kind === 'records') {
      // Those that may still be taken back come last of all items (RecordFold), and a quarter has room for them.
      const firstLatest = Math.ceil((latestData - data) / RECORD_BYTES);
      yield* parts(item, Math.floor((this.#quarter - data) / RECORD_BYTES), firstLatest);
    } else if (item.kind === 'payload') {
      if (passed.data <= this.#quarter || data >= latestData) yield item;
    } else if (item.kind === 'about' && !this.#hasAbout) {
      this.#hasAbout = true;
      yield item;
    } else if (item.kind !== 'warning') {
      if (passed.notes <= this.#sixteenth || notes >= this.#total.notes - this.#sixteenth) yield item;
    }
  }
}

/** The records of a batch up to `end`, and from `start` on. */
function* parts(
  { firstSeq, words }: TraceItem & { kind: 'records' },
  end: number,
  start: number,
): Generator<TraceItem> {
  const count = words.length / WORDS_PER_RECORD;
  const [last, first] = [Math.max(0, Math.min(end, count)), Math.max(0, Math.min(start, count))];
  if (first <= last) {
    yield { kind: 'records', firstSeq, words };
    return;
  }
  if (last > 0) yield { kind: 'records', firstSeq, words: words.subarray(0, last * WORDS_PER_RECORD) };
  if (first === count) return;
  yield { kind: 'records', firstSeq: firstSeq + first, words: words.subarray(first * WORDS_PER_RECORD) };
}
