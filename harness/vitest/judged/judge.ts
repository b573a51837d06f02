import type { CopyCounts } from '../../../src/copy/copy-error.ts';
import { copyRecordOf } from '../../../src/copy/copy-record.ts';
import { printable } from '../../../src/printable.ts';
import type { Recorder } from '../../../src/trace/recorder.ts';
import type { TraceItem } from '../../../src/trace/trace-item.ts';
import type { ScenarioDocument } from '../../scenario/parse-scenario.ts';
import type { DocumentResult, RunFailure } from '../../scenario/run-document.ts';
import type { ScenarioRun } from '../../scenario/runs-of.ts';
import type { CopyRun } from '../../sim/run-copy.ts';
import type { RunResult } from '../../sim/run-result.ts';
import { judgeCopyRun, judgeSettledCopy } from './judge-copy.ts';
import { judgeDocument, judgeRunFailure, judgeScenarioRun } from './judge-document.ts';
import { judgeLive, judgeUnseenCopy } from './judge-live.ts';
import { judgeRunResult } from './judge-run-result.ts';
import { judgeTrace, judgeTraceFile } from './judge-trace.ts';
import type { Judged } from './judged.ts';
import type { LiveSubject } from './live-subject.ts';
import { MatcherError } from './matcher-error.ts';
import { DEFAULT_PATIENCE, type Patience } from './patience.ts';
import { recorderItems } from './recorder-items.ts';

/** What `expect` may be given. Numbers and texts of bytes are no subjects: those are what is expected. */
export type Subject =
  | RunResult
  | { readonly run: RunResult; readonly recorder: Recorder }
  | ScenarioRun
  | { readonly document: ScenarioDocument; readonly run: ScenarioRun }
  | RunFailure
  | DocumentResult
  | CopyRun
  | CopyCounts
  | Error
  | PromiseLike<CopyCounts>
  | LiveSubject
  | Recorder
  | readonly TraceItem[]
  | string;

const EXPECTED =
  'a run, a document, a copy (its promise, counts or error), { copy, recorder }, a recorder, a relay, or a trace (its path or items)';

/**
 * Makes one thing to be judged of whatever `expect` is given. At once, if it is over or stands as it is; a promise, if it is live or
 * has to be read.
 *
 * Throws SUBJECT_INVALID; reading a trace, TRACE_UNREADABLE, TRACE_MALFORMED and TRACE_UNSUPPORTED.
 */
export function judge(subject: unknown, patience: Patience = DEFAULT_PATIENCE): Judged | Promise<Judged> {
  if (typeof subject === 'string') return judgeTraceFile(subject);
  if (typeof subject !== 'object' || subject === null) throw invalid(subject);
  if (subject instanceof Error) return judgeSettledCopy(subject);
  if (Array.isArray(subject)) {
    if (isItems(subject)) return judgeTrace(subject);
    throw invalid(subject);
  }
  const one = subject as Fields;
  if (isPromise(one)) {
    const record = copyRecordOf(one);
    return record === null
      ? judgeUnseenCopy(one, patience)
      : judgeLive({ recorder: record.recorder, copy: one }, patience);
  }
  if (isRecorder(one)) return judgeTrace(recorderItems(one), 'a recorder');
  if (isRecorder(one['recorder'])) return judgeRecorded(one, one['recorder'], patience);
  return judgeRun(one) ?? raise(subject);
}

type Fields = object & Readonly<Record<string, unknown>>;

function judgeRecorded(one: Fields, recorder: Recorder, patience: Patience): Judged | Promise<Judged> {
  const run = one['run'];
  if (isRunResult(run)) return judgeRunResult(run, recorder);
  const copy = one['copy'];
  // Its own fields may be getters, which are looked at each time.
  if (copy === undefined || copy instanceof Error || isCounts(copy) || isPromise(copy))
    return judgeLive(one as unknown as LiveSubject, patience);
  throw new MatcherError('SUBJECT_INVALID', 'Wrong copy of a subject', 'its promise, counts or error', shown(copy));
}

function judgeRun(one: Fields): Judged | null {
  if (isRunResult(one)) return judgeRunResult(one, null);
  if (isCopyRun(one)) return judgeCopyRun(one);
  if (isScenarioRun(one)) return judgeScenarioRun(one, null);
  const { document, run } = one;
  if (isObject(document) && isScenarioRun(run)) return judgeScenarioRun(run, textOf(document['file']));
  if (isObject(document) && Array.isArray(one['failures'])) return judgeDocument(one as unknown as DocumentResult);
  if (isScenarioRun(run) && Array.isArray(one['mismatches']))
    return judgeRunFailure(one as unknown as RunFailure, null);
  return isCounts(one) ? judgeSettledCopy(one) : null;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function isPromise(value: unknown): value is PromiseLike<CopyCounts> & object {
  return isObject(value) && typeof value['then'] === 'function';
}

function isRecorder(value: unknown): value is Recorder {
  return isObject(value) && value['buffer'] instanceof SharedArrayBuffer && isObject(value['notes']);
}

function isRunResult(value: unknown): value is RunResult {
  return isObject(value) && typeof value['outcome'] === 'string' && isObject(value['delivered']) && 'broken' in value;
}

function isCopyRun(value: Fields): value is Fields & CopyRun {
  const { outcome, counts } = value;
  return isObject(outcome) && typeof outcome['kind'] === 'string' && isCounts(counts);
}

function isScenarioRun(value: unknown): value is ScenarioRun {
  return (
    isObject(value) && isObject(value['scenario']) && typeof value['dialect'] === 'string' && 'chunkBytes' in value
  );
}

function isCounts(value: unknown): value is CopyCounts {
  return isObject(value) && typeof value['aToB'] === 'number' && typeof value['bToA'] === 'number';
}

function isItems(value: readonly unknown[]): value is readonly TraceItem[] {
  return value.every((item) => isObject(item) && typeof item['kind'] === 'string' && !('seq' in item));
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function raise(subject: unknown): never {
  throw invalid(subject);
}

function invalid(subject: unknown): MatcherError {
  return new MatcherError('SUBJECT_INVALID', 'Wrong subject of a matcher', EXPECTED, shown(subject));
}

/** What something is, in a few words. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(printable(value, 60));
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'function') return 'a function';
  if (!isObject(value)) return String(value);
  const keys = Object.keys(value).slice(0, 6);
  const name = (Object.getPrototypeOf(value) as Fields | null)?.constructor.name ?? 'Object';
  return `${name === 'Object' ? 'an object' : `a ${name}`}${keys.length === 0 ? '' : ` with ${keys.join(', ')}`}`;
}
