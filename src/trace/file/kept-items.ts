import { WORDS_PER_RECORD } from '../ring-layout.ts';
import type { TraceItem } from '../trace-item.ts';
import { TraceAmount } from './trace-amount.ts';
import { RECORD_BYTES } from './trace-format.ts';

/**
 * What is kept of a trace that has grown too long, in at most seven eighths of `maxBytes`: the first records, a quarter of
 * `maxBytes`, and as many of the latest; of the payload, and of the notes, the first sixteenth and the latest. Each by
 * itself, or a few large ones would leave no room for the others. What is left out between the records shows as a jump of
 * their numbers.
 */
export class KeptItems {
  readonly #quarter: number;
  readonly #sixteenth: number;
  readonly #total: Readonly<Pick<TraceAmount, 'records' | 'payload' | 'notes'>>;
  readonly #passed = new TraceAmount();
  #hasAbout = false;

  /** `total`: how much all of them are. If there are more in the end, those are kept as well. */
  constructor({ records, payload, notes }: TraceAmount, maxBytes: number) {
    this.#quarter = Math.floor(maxBytes / 4);
    this.#sixteenth = Math.floor(maxBytes / 16);
    this.#total = { records, payload, notes };
  }

  /** What is kept of the next item. */
  *of(item: TraceItem): Generator<TraceItem> {
    const [passed, total] = [this.#passed, this.#total];
    const { records, notes } = passed;
    passed.add(item);
    if (item.kind === 'records') {
      // Those that may still be taken back come last of all (RecordFold), and a quarter has room for them.
      const firstLatest = Math.ceil((total.records - this.#quarter - records) / RECORD_BYTES);
      yield* parts(item, Math.floor((this.#quarter - records) / RECORD_BYTES), firstLatest);
    } else if (item.kind === 'payload') {
      // In a small trace one piece may be larger than a sixteenth: the latest is kept all the same.
      if (passed.payload <= this.#sixteenth || passed.payload > total.payload - this.#sixteenth) yield item;
    } else if (item.kind === 'about' && !this.#hasAbout) {
      this.#hasAbout = true;
      yield item;
    } else if (item.kind !== 'warning') {
      if (passed.notes <= this.#sixteenth || notes >= total.notes - this.#sixteenth) yield item;
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
