import { CopyError, type CopyCounts } from '../../../src/copy/copy-error.ts';
import { copyRecordOf, type CopyRecord } from '../../../src/copy/copy-record.ts';
import type { CopyRun } from '../../sim/run-copy.ts';
import { NOTHING_KNOWN, type Judged } from './judged.ts';
import { JudgedTrace } from './judged-trace.ts';
import { recorderItems } from './recorder-items.ts';
import { traceOutcome } from './trace-outcome.ts';

const MAX_CAUSES = 8;

/** A copy that is over: what it resolved to, or the error that it failed with. */
export function judgeSettledCopy(result: CopyCounts | Error, record = copyRecordOf(result)): Judged {
  const trace = recordedTrace(record, {});
  if (result instanceof Error) return { ...NOTHING_KNOWN, what: 'a copy', ...byError(result), trace };
  const { aToB, bToA } = result;
  return { ...NOTHING_KNOWN, what: 'a copy', outcome: 'completed', counts: { aToB, bToA }, trace };
}

/** A copy that was polled by hand in memory. */
export function judgeCopyRun(run: CopyRun): Judged {
  const { outcome, counts, polls } = run;
  const trace = recordedTrace(copyRecordOf(run), { outcome: outcome.kind, isForGood: outcome.kind === 'parked' });
  const waits = trace === null ? [] : traceOutcome(trace.items, trace.connection).waits;
  const common = { ...NOTHING_KNOWN, what: 'a copy in memory', counts, trace, waits };
  if (outcome.kind === 'failed' || outcome.kind === 'spinning')
    return { ...common, ...byError(outcome.error), outcome: outcome.kind, counts };
  return { ...common, outcome: outcome.kind, message: `After ${polls} ${polls === 1 ? 'poll' : 'polls'}` };
}

/** What the error says with which a copy ended. */
function byError(error: Error): Pick<Judged, 'outcome' | 'direction' | 'message' | 'code' | 'causes' | 'counts'> {
  const code = codeOf(error);
  const isCopy = error instanceof CopyError;
  const outcome = code === 'SPINNING' ? 'spinning' : code === 'ITERATION_LIMIT' ? 'unfinished' : 'failed';
  return {
    outcome,
    direction: (isCopy ? error.details.direction : undefined) ?? null,
    message: error.message,
    code,
    causes: causesOf(error),
    counts: isCopy ? error.counts : null,
  };
}

function codeOf(error: Error): string | null {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' ? code : null;
}

/** The codes of what an error was caused by, the nearest first. */
export function causesOf(error: Error): string[] {
  const codes: string[] = [];
  let { cause } = error;
  // A cause may be its own.
  for (let depth = 0; cause instanceof Error && depth < MAX_CAUSES; depth += 1) {
    const code = codeOf(cause);
    if (code !== null) codes.push(code);
    ({ cause } = cause);
  }
  return codes;
}

function recordedTrace(
  record: CopyRecord | null,
  ending: NonNullable<ConstructorParameters<typeof JudgedTrace>[1]>['ending'],
): JudgedTrace | null {
  if (record === null) return null;
  const { recorder, connection, dialect } = record;
  return new JudgedTrace(recorderItems(recorder, dialect), { connection, ending });
}
