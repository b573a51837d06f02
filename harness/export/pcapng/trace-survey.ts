import { inspectedItems } from '../../report/inspected-item.ts';
import { NoteCollector } from '../../report/note-collector.ts';
import { MAX_CONNECTIONS } from '../../report/trace-totals.ts';
import type { TraceItem } from '../../../src/trace/trace-item.ts';
import { payloadKey } from './recorded-payload.ts';

/** What has to be known of a trace before its first packet is written: names, verdicts, how far its payload goes. */
export interface TraceSurvey {
  readonly notes: NoteCollector;
  /** By `payloadKey`. */
  readonly payloadEnds: ReadonlyMap<string, number>;
}

/** Reads a trace once, for what it says beside its events. */
export async function surveyTrace(items: AsyncIterable<TraceItem>, signal: AbortSignal): Promise<TraceSurvey> {
  const notes = new NoteCollector();
  const payloadEnds = new Map<string, number>();
  for await (const item of inspectedItems(items, signal)) {
    notes.add(item);
    if (item.kind !== 'payload') continue;
    const { connection, direction, offset, bytes } = item.payload;
    const key = payloadKey(connection, direction);
    const known = payloadEnds.get(key);
    if (known === undefined && payloadEnds.size >= 2 * MAX_CONNECTIONS) continue;
    payloadEnds.set(key, Math.max(known ?? 0, offset + bytes.length));
  }
  return { notes, payloadEnds };
}
