import type { Recorder } from '../../../src/trace/recorder.ts';
import { ringItems } from '../../../src/trace/ring-snapshot.ts';
import type { TraceItem } from '../../../src/trace/trace-item.ts';
import type { StartedCopies } from './waiting-copies.ts';

/** All that a recorder has at one moment, with the copies of one test in it that had not said that they were over. */
export interface WaitingSnapshot {
  readonly recorder: Recorder;
  readonly open: ReadonlySet<number>;
  readonly items: readonly TraceItem[];
  readonly nowMs: number;
}

/**
 * Taken at once, without a turn of the event loop, and judged later: every worker would pay for loading what judges it.
 * Null: what the test has started has ended.
 */
export function snapshotOf({ recorder, connections }: StartedCopies): WaitingSnapshot | null {
  const open = new Set<number>();
  const items: TraceItem[] = [];
  // Who begins to listen is told of those that are open.
  recorder.notes.listen((note) => {
    items.push(note);
    if (note.kind === 'connection' && connections.has(note.note.connection)) open.add(note.note.connection);
  })();
  if (open.size === 0) return null;
  items.push(...ringItems(recorder.buffer));
  return { recorder, open, items, nowMs: recorder.elapsedMs() };
}
