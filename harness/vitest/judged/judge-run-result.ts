import type { Recorder } from '../../../src/trace/recorder.ts';
import { wholeTraceOf } from '../../scenario/judge-run.ts';
import { runOrigins } from '../../sim/run-origin.ts';
import type { RunResult } from '../../sim/run-result.ts';
import { NOTHING_KNOWN, type Judged } from './judged.ts';
import { JudgedTrace } from './judged-trace.ts';
import { recorderItems } from './recorder-items.ts';
import { runEnding, runOutcome } from './run-outcome.ts';

/**
 * A run in memory. Its trace is that of the recorder it was given; without one it is made once more with all that can be seen, for
 * it comes to the same. That cannot be done where its faults or its schedule are the caller's own, or a kept `World` has run it.
 */
export function judgeRunResult(result: RunResult, recorder: Recorder | null): Judged {
  return { ...NOTHING_KNOWN, ...runOutcome(result), trace: traceOf(result, recorder) };
}

function traceOf(result: RunResult, given: Recorder | null): JudgedTrace | null {
  const origin = runOrigins.get(result);
  const recorder = given ?? origin?.options.recorder ?? null;
  const ending = runEnding(result);
  if (recorder !== null) return new JudgedTrace(recorderItems(recorder, origin?.options.dialect), { ending });
  if (origin === undefined) return null;
  const { scenario, options } = origin;
  if (options.faults !== undefined || options.schedule !== undefined) return null;
  const { dialect, chunkBytes = null } = options;
  return new JudgedTrace(wholeTraceOf({ scenario, dialect, chunkBytes }), { ending });
}
