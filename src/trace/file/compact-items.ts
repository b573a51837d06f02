import { WORDS_PER_RECORD } from '../ring-layout.ts';
import type { TraceItem } from '../trace-item.ts';
import { MAX_REWIND_RECORDS, RECORD_BYTES } from './trace-format.ts';

/** What a trace has of each: records and payload (in bytes), and notes (in bytes, roughly). */
interface Amount {
  records: number;
  data: number;
  notes: number;
}

/**
 * The items of a trace that has grown too long, in at most five eighths of `maxBytes`: of its records and payload the first
 * quarter of `maxBytes` and the latest, of its notes the first sixteenth and the latest. What is left out between shows as
 * a jump of the records' numbers.
 *
 * `read` goes through all items from the beginning, each time that it is called.
 */
export function* compactItems(read: () => Iterable<TraceItem>, maxBytes: number): Generator<TraceItem> {
  const total: Amount = { records: 0, data: 0, notes: 0 };
  for (const item of read()) add(total, item);
  const quarter = Math.floor(maxBytes / 4);
  const sixteenth = Math.floor(maxBytes / 16);
  const passed: Amount = { records: 0, data: 0, notes: 0 };
  let hasAbout = false;
  for (const item of read()) {
    const { records, data, notes } = passed;
    add(passed, item);
    if (item.kind === 'records') {
      // The latest may still be taken back, so that they must be there whatever else is.
      const byBytes = Math.ceil((total.data - quarter - data) / RECORD_BYTES);
      const firstLatest = Math.min(byBytes, total.records - records - MAX_REWIND_RECORDS);
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

function add(amount: Amount, item: TraceItem): void {
  if (item.kind === 'records') {
    amount.records += item.words.length / WORDS_PER_RECORD;
    amount.data += item.words.byteLength;
  } else if (item.kind === 'payload') amount.data += item.payload.bytes.length + RECORD_BYTES;
  else if (item.kind !== 'warning') amount.notes += JSON.stringify(item).length + RECORD_BYTES;
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
