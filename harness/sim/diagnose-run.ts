import { Diagnosis } from '../../src/diagnose/diagnosis.ts';
import type { Finding } from '../../src/diagnose/finding.ts';
import type { Recorder } from '../../src/trace/recorder.ts';
import { ringItems } from '../../src/trace/ring-snapshot.ts';
import type { RunResult } from './run-result.ts';

/** What the trace of a run says is wrong, which its recorder holds until the next run; recorded with `beneath`, it says most. */
export function diagnoseRun(recorder: Recorder, dialect: string, result: RunResult): Finding[] {
  const diagnosis = new Diagnosis();
  diagnosis.item({ kind: 'about', about: { dialect } });
  for (const item of ringItems(recorder.buffer)) diagnosis.item(item);
  const { outcome, elapsedMs, direction, error } = result;
  diagnosis.end({
    outcome,
    atMs: elapsedMs,
    isForGood: outcome === 'parked',
    ...(direction === null ? {} : { direction }),
    ...(error === null ? {} : { code: error.code }),
  });
  return diagnosis.findings();
}
