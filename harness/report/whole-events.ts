import { decodeRecords, isExtension } from '../../src/trace/decode-records.ts';
import { Flag } from '../../src/trace/event-kind.ts';
import { WORDS_PER_RECORD } from '../../src/trace/ring-layout.ts';
import type { TraceEvent } from '../../src/trace/trace-event.ts';
import type { TraceItem } from '../../src/trace/trace-item.ts';
import { inspectedItems, SLICE_RECORDS, type InspectedItem } from './inspected-item.ts';

/** The notes of a trace, and its events put together, in the order of the file. */
export type WholeItem =
  | Exclude<InspectedItem, { readonly kind: 'records' }>
  | { readonly kind: 'events'; readonly events: readonly TraceEvent[] };

/**
 * Decodes a trace's records, some at a time, with its notes and gaps where they stand. An event whose extensions are in a later
 * piece waits for them.
 */
export async function* wholeEvents(source: AsyncIterable<TraceItem>, signal: AbortSignal): AsyncGenerator<WholeItem> {
  let held = new Int32Array(0);
  let heldSeq = 0;
  for await (const item of inspectedItems(source, signal)) {
    if (item.kind === 'gap' && held.length > 0) {
      yield { kind: 'events', events: decodeRecords(held, heldSeq) };
      held = new Int32Array(0);
    }
    if (item.kind !== 'records') {
      yield item;
      continue;
    }
    const words = held.length === 0 ? item.words : joined(held, item.words);
    const firstSeq = held.length === 0 ? item.firstSeq : heldSeq;
    const count = words.length / WORDS_PER_RECORD;
    const whole = count - incomplete(words, count);
    if (whole > 0) {
      const events = decodeRecords(words.subarray(0, whole * WORDS_PER_RECORD), firstSeq);
      yield { kind: 'events', events };
    }
    held = words.slice(whole * WORDS_PER_RECORD);
    heldSeq = firstSeq + whole;
  }
  if (held.length > 0) yield { kind: 'events', events: decodeRecords(held, heldSeq) };
}

/** How many records at the end may have extensions to come. Extensions without end are not waited for. */
function incomplete(words: Int32Array, count: number): number {
  let at = count - 1;
  while (at > 0 && isExtension(words, at)) at -= 1;
  const isExtended = ((words[at * WORDS_PER_RECORD] ?? 0) & Flag.EXTENDED) !== 0;
  return isExtended && count - at < SLICE_RECORDS ? count - at : 0;
}

function joined(first: Int32Array, second: Int32Array): Int32Array<ArrayBuffer> {
  const words = new Int32Array(first.length + second.length);
  words.set(first);
  words.set(second, first.length);
  return words;
}
