import { Kind } from '../../src/trace/event-kind.ts';
import { WORDS_PER_RECORD } from '../../src/trace/ring-layout.ts';
import type { TraceItem } from '../../src/trace/trace-item.ts';

/** So many records at most stand in one item. */
export const SLICE_RECORDS = 4096;

/** A trace's items with its gaps among them, and records in slices. */
export type InspectedItem = TraceItem | { readonly kind: 'gap'; readonly seq: number; readonly missing: number };

/** Cuts records into slices of at most SLICE_RECORDS, and says where records are missing. Ends early when stopped. */
export async function* inspectedItems(
  source: AsyncIterable<TraceItem>,
  signal: AbortSignal,
): AsyncGenerator<InspectedItem> {
  let nextSeq: number | null = null;
  for await (const item of source) {
    if (signal.aborted) return;
    if (item.kind !== 'records') {
      yield item;
      continue;
    }
    const { words, firstSeq } = item;
    if (nextSeq !== null && firstSeq > nextSeq) yield { kind: 'gap', seq: nextSeq, missing: firstSeq - nextSeq };
    nextSeq = firstSeq + words.length / WORDS_PER_RECORD;
    const slice = SLICE_RECORDS * WORDS_PER_RECORD;
    for (let from = 0; from < words.length; from += slice) {
      yield {
        kind: 'records',
        firstSeq: firstSeq + from / WORDS_PER_RECORD,
        words: words.subarray(from, from + slice),
      };
    }
  }
}

/** Stands where records are missing; the count is as exact as 31 bits are. */
export function gapRecord(missing: number): Int32Array {
  return Int32Array.of(Kind.GAP, 0, 0, 0, Math.min(missing, 0x7fffffff), 0, 0, 0);
}
