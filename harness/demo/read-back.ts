import { Diagnosis } from '../../src/diagnose/diagnosis.ts';
import type { Finding } from '../../src/diagnose/finding.ts';
import { decodeRecords } from '../../src/trace/decode-records.ts';
import { openTrace } from '../../src/trace/file/open-trace.ts';
import type { TraceEvent } from '../../src/trace/trace-event.ts';
import type { StackNote } from '../../src/trace/trace-note.ts';

/** What a step's trace tells. */
export interface StepTrace {
  /** Those of the first copy; of the others the story does not tell. */
  readonly events: readonly TraceEvent[];
  /** Where the relay's thread stood, if it was frozen. */
  readonly stack: StackNote | null;
  /** What is wrong with it. */
  readonly findings: readonly Finding[];
}

/** Reads a step's trace back from its file, as anybody would who was not there. */
export async function readBack(path: string): Promise<StepTrace> {
  const events: TraceEvent[] = [];
  const diagnosis = new Diagnosis();
  let stack: StackNote | null = null;
  for await (const item of openTrace(path)) {
    diagnosis.item(item);
    if (item.kind === 'stack') stack = item.note;
    if (item.kind !== 'records') continue;
    for (const event of decodeRecords(item.words, item.firstSeq)) if (event.connection <= 1) events.push(event);
  }
  diagnosis.end();
  return { events, stack, findings: diagnosis.findings() };
}
