import { Word, WORDS_PER_RECORD } from '../../../src/trace/ring-layout.ts';
import type { TraceItem } from '../../../src/trace/trace-item.ts';
import type { Judged } from '../judged/judged.ts';

/** The trace of what was judged, with what it came to, for who reads it without the test. */
export function tracedItems({ outcome, direction, message, trace }: Judged): TraceItem[] {
  const items = [...(trace?.items ?? [])];
  if (outcome === 'open' || items.some(({ kind }) => kind === 'verdict')) return items;
  const only = trace?.connection ?? null;
  const said = only !== null && hasOthers(items, only) ? `connection ${only} ${outcome}` : outcome;
  const verdict = {
    outcome,
    message: message ?? `As a test saw it: ${said}`,
    atMs: lastTickMs(items),
    ...(only === null ? {} : { connection: only }),
    ...(direction === null ? {} : { direction }),
  };
  return [...items, { kind: 'verdict', verdict }];
}

/** The same as a file that is whole: it is a picture of a moment, and nobody writes to it any more. */
export function snapshotItems(judged: Judged): TraceItem[] {
  const items = tracedItems(judged);
  if (items.some(({ kind }) => kind === 'end')) return items;
  return [...items, { kind: 'end', note: { reason: 'closed', atMs: lastTickMs(items) } }];
}

function hasOthers(items: readonly TraceItem[], only: number): boolean {
  return items.some((item) => item.kind === 'connection' && item.note.connection !== only);
}

function lastTickMs(items: readonly TraceItem[]): number {
  const words = items.findLast((item) => item.kind === 'records')?.words;
  return words?.at(Word.TICK_MS - WORDS_PER_RECORD) ?? 0;
}
