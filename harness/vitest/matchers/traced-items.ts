import { Word, WORDS_PER_RECORD } from '../../../src/trace/ring-layout.ts';
import type { TraceItem } from '../../../src/trace/trace-item.ts';
import type { Judged } from '../judged/judged.ts';

/** The trace of what was judged, with what it came to, for who reads it without the test. */
export function tracedItems({ outcome, direction, message, trace }: Judged): TraceItem[] {
  const items = [...(trace?.items ?? [])];
  if (outcome === 'open' || items.some(({ kind }) => kind === 'verdict')) return items;
  const said = { outcome, message: message ?? `As a test saw it: ${outcome}`, atMs: lastTickMs(items) };
  items.push({ kind: 'verdict', verdict: { ...said, ...(direction === null ? {} : { direction }) } });
  return items;
}

function lastTickMs(items: readonly TraceItem[]): number {
  const words = items.findLast((item) => item.kind === 'records')?.words;
  return words?.at(Word.TICK_MS - WORDS_PER_RECORD) ?? 0;
}
