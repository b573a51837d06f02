import type { TraceItem } from '../../src/trace/trace-item.ts';
import { NoteCollector } from '../report/note-collector.ts';
import { MAX_CONNECTIONS } from '../report/trace-totals.ts';
import { wholeEvents } from '../report/whole-events.ts';
import { CopySummary } from './copy-summary.ts';

export interface ReadCopies {
  readonly notes: NoteCollector;
  readonly copies: ReadonlyMap<number, CopySummary>;
  /** Records that are missing in the trace. */
  readonly missing: number;
}

/** Counts every connection of a trace, in one pass. Throws what the readers throw. */
export async function readCopies(items: AsyncIterable<TraceItem>, signal: AbortSignal): Promise<ReadCopies> {
  const notes = new NoteCollector();
  const copies = new Map<number, CopySummary>();
  let missing = 0;
  const copyOf = (connection: number): CopySummary | null => {
    const known = copies.get(connection);
    if (known !== undefined || connection <= 0 || copies.size >= MAX_CONNECTIONS) return known ?? null;
    const copy = new CopySummary(connection);
    copies.set(connection, copy);
    return copy;
  };
  for await (const item of wholeEvents(items, signal)) {
    if (item.kind !== 'events') {
      notes.add(item);
      if (item.kind === 'gap') missing += item.missing;
      if (item.kind === 'connection') copyOf(item.note.connection);
      if (item.kind !== 'payload') continue;
      const { connection, direction, offset, bytes, redacted } = item.payload;
      const side = copyOf(connection)?.sides[direction];
      // Stand-ins are like no bytes of a capture.
      if (side === undefined || redacted || offset !== side.recordedBytes) continue;
      side.recordedBytes += bytes.length;
      side.first.add(bytes, 0, bytes.length);
      continue;
    }
    for (const event of item.events) {
      copyOf(event.connection)?.add(event);
    }
  }
  return { notes, copies, missing };
}
