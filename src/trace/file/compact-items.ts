import { WORDS_PER_RECORD } from '../ring-layout.ts';
import type { TraceItem } from '../trace-item.ts';
import { TraceAmount } from './trace-amount.ts';
import { RECORD_BYTES } from './trace-format.ts';

/**
 * The items of a trace that has grown too long, in at most five eighths of `maxBytes`: of its records and payload the first
 * quarter of `maxBytes` and the latest, of its notes the first sixteenth and the latest. What is left out between shows as
 * a jump of the records' numbers.
 *
 * `total`: how much all of them are.
 */
export function* compactItems(items: Iterable<TraceItem>, total: TraceAmount, maxBytes: number): Generator<TraceItem> {
  const quarter = Math.floor(maxBytes / 4);
  const sixteenth = Math.floor(maxBytes / 16);
  const passed = new TraceAmount();
  let hasAbout = false;
  for (const item of items) {
    const { data, notes } = passed;
    passed.add(item);
    if (item.kind === 'records') {
      // Those that may still be taken back come last of all items (RecordFold), and a quarter has room for them.
      const firstLatest = Math.ceil((total.data - quarter - data) / RECORD_BYTES);
      yield* parts(item, Math.floor((quarter - data) / RECORD_BYTES), firstLatest);
    } else if (item.kind === 'payload') {
      if (passed.data <= quarter || data >= total.data - quarter) yield item;
    } else if (item.kind === 'about' && !hasAbout) {
      hasAbout = true;
      yield item;
    } else if (item.kind !== 'warning' && (passed.notes <= sixteenth || notes >= total.notes - sixteenth)) {
      yield item;
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
