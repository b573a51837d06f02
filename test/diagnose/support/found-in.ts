import { Diagnosis } from '../../../src/diagnose/diagnosis.ts';
import type { Ending } from '../../../src/diagnose/detector.ts';
import type { Finding } from '../../../src/diagnose/finding.ts';
import type { TraceEvent } from '../../../src/trace/trace-event.ts';

export type Told = Partial<TraceEvent> & Pick<TraceEvent, 'kind'>;

export interface FoundInOptions {
  readonly ending?: Partial<Ending>;
  /** Null: the trace does not say. Default: tokio-1.53.1. */
  readonly dialect?: string | null;
  /** What its events show. Default: everything. */
  readonly sight?: 'calls' | 'streams';
}

/** What is found in one connection of which these are the events, of a -> b unless they say otherwise. */
export function foundIn(events: readonly Told[], options: FoundInOptions = {}): Finding[] {
  const { ending, dialect = 'tokio-1.53.1', sight } = options;
  const diagnosis = new Diagnosis();
  if (dialect !== null) diagnosis.item({ kind: 'about', about: { dialect } });
  if (sight !== undefined) diagnosis.item({ kind: 'connection', note: { connection: 1, sight } });
  let next = 0;
  for (const event of events) {
    const seq = event.seq ?? next;
    diagnosis.event({ connection: 1, tickMs: 0, direction: 'a -> b', ...event, seq });
    next = seq + 1;
  }
  diagnosis.end(ending);
  return diagnosis.findings();
}

/** The classes alone, for those who look for no more. */
export function classesIn(events: readonly Told[], options?: FoundInOptions): string[] {
  return foundIn(events, options).map((finding) => finding.class);
}
