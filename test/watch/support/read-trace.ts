import { decodeRecords } from '../../../src/trace/decode-records.ts';
import { openTrace } from '../../../src/trace/file/open-trace.ts';
import type { TraceEvent } from '../../../src/trace/trace-event.ts';
import type { TraceItem } from '../../../src/trace/trace-item.ts';

/** A whole trace: its notes, and its events. */
export async function readTrace(path: string): Promise<{ items: TraceItem[]; events: TraceEvent[] }> {
  const items: TraceItem[] = [];
  const events: TraceEvent[] = [];
  for await (const item of openTrace(path)) {
    if (item.kind === 'records') events.push(...decodeRecords(item.words, item.firstSeq));
    else items.push(item);
  }
  return { items, events };
}

/** The notes of one kind. */
export function itemsOf<K extends TraceItem['kind']>(
  items: readonly TraceItem[],
  kind: K,
): Extract<TraceItem, { kind: K }>[] {
  return items.filter((item): item is Extract<TraceItem, { kind: K }> => item.kind === kind);
}
