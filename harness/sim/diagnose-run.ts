import { Diagnosis } from '../../src/diagnose/diagnosis.ts';
import type { Ending } from '../../src/diagnose/detector.ts';
import type { Finding } from '../../src/diagnose/finding.ts';
import type { Recorder } from '../../src/trace/recorder.ts';
import { ringItems } from '../../src/trace/ring-snapshot.ts';
import type { TraceItem } from '../../src/trace/trace-item.ts';
import type { RunResult } from './run-result.ts';

/** What the trace of a run says is wrong, which its recorder holds until the next run; recorded with `beneath`, it says most. */
export function diagnoseRun(recorder: Recorder, dialect: string, result: RunResult): Finding[] {
  const { outcome, elapsedMs, direction, error } = result;
  return diagnoseRing(recorder.buffer, dialect, {
    outcome,
    atMs: elapsedMs,
    ...(direction === null ? {} : { direction }),
    ...(error === null ? {} : { code: error.code }),
  });
}

/** What the records of a ring say is wrong. @param notes what is known beside them, such as how a connection ended. */
export function diagnoseRing(
  buffer: SharedArrayBuffer,
  dialect: string,
  ending: Partial<Ending>,
  notes: readonly TraceItem[] = [],
): Finding[] {
  const diagnosis = new Diagnosis();
  diagnosis.item({ kind: 'about', about: { dialect } });
  for (const item of ringItems(buffer)) diagnosis.item(item);
  for (const note of notes) diagnosis.item(note);
  diagnosis.end(ending);
  return diagnosis.findings();
}
