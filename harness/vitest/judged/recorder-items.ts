import type { Recorder } from '../../../src/trace/recorder.ts';
import { ringItems } from '../../../src/trace/ring-snapshot.ts';
import type { TraceItem } from '../../../src/trace/trace-item.ts';

/** What a recorder holds now, as a trace: its connections by name, how those ended that are over, and its records. */
export function recorderItems(recorder: Pick<Recorder, 'buffer' | 'notes'>, dialect?: string): TraceItem[] {
  const about = { writer: 'relayscope', ...(dialect === undefined ? {} : { dialect }) };
  const items: TraceItem[] = [{ kind: 'about', about }];
  recorder.notes.listen((note) => {
    items.push(note);
  })();
  for (const note of recorder.notes.lastClosed) items.push({ kind: 'connection', note });
  return [...items, ...ringItems(recorder.buffer)];
}
