import { isDeepStrictEqual } from 'node:util';
import { RelayscopeError } from '../../src/errors.ts';
import { runCopy, type CopyRun } from './run-copy.ts';
import { parseScript, type Script } from './script.ts';
import { ScriptedStream, type Call } from './scripted-stream.ts';
import type { Dialect } from '../../src/copy/dialect.ts';

/** One recorded run of a real release: two scripts, and what the release did with them. fixtures/tokio/README.md */
export interface Vector {
  readonly id: string;
  readonly a: Script;
  readonly b: Script;
  readonly outcome: VectorOutcome;
  readonly polls: number;
  readonly calls: readonly Call[];
}

export type VectorOutcome =
  | 'parked'
  | 'spin'
  | { readonly done: readonly [aToB: number, bToA: number] }
  | { readonly error: string }
  | { readonly panic: string };

/** What our engine did with a vector's scripts, in the words of the vector. */
export type VectorRun = Pick<Vector, 'outcome' | 'polls' | 'calls'>;

/** Reads one line. Throws VECTOR_MALFORMED, or SCRIPT_MALFORMED for what is wrong in a script. */
export function parseVector(line: string): Vector {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw malformed('one JSON object', line, cause);
  }
  if (typeof value !== 'object' || value === null) throw malformed('one JSON object', line);
  const { id, a, b, outcome, polls, calls } = value as { [key in keyof Vector]?: unknown };
  if (typeof id !== 'string') throw malformed('a text under "id"', line);
  if (typeof polls !== 'number') throw malformed('a number under "polls"', line);
  if (!Array.isArray(calls) || !calls.every((call) => Array.isArray(call)))
    throw malformed('a list under "calls"', line);
  if (!isOutcome(outcome)) throw malformed('parked, spin, done, error or panic under "outcome"', line);
  return { id, polls, outcome, a: parseScript(a, 'a'), b: parseScript(b, 'b'), calls: calls as Call[] };
}

/** Runs a vector's scripts through the engine. */
export function runVector(vector: Pick<Vector, 'a' | 'b'>, dialect: Dialect): VectorRun {
  const calls: Call[] = [];
  const a = new ScriptedStream('a', vector.a, calls);
  const b = new ScriptedStream('b', vector.b, calls);
  const run = runCopy(a, b, { dialect, onPoll: (poll) => calls.push(['poll', poll]) });
  return { outcome: outcomeOf(run), polls: run.polls, calls };
}

/** Where a run first parts from the recorded one, as a line for a person; null if it does not. */
export function compareVector(expected: VectorRun, actual: VectorRun): string | null {
  const length = Math.max(expected.calls.length, actual.calls.length);
  for (let index = 0; index < length; index += 1) {
    const [theirs, ours] = [expected.calls[index], actual.calls[index]];
    if (!isDeepStrictEqual(theirs, ours)) return `call ${index + 1}: expected ${show(theirs)}, got ${show(ours)}`;
  }
  for (const key of ['outcome', 'polls'] as const) {
    if (!isDeepStrictEqual(expected[key], actual[key])) {
      return `${key}: expected ${show(expected[key])}, got ${show(actual[key])}`;
    }
  }
  return null;
}

function outcomeOf({ outcome, counts }: CopyRun): VectorOutcome {
  switch (outcome.kind) {
    case 'completed':
      return { done: [counts.aToB, counts.bToA] };
    case 'spinning':
      return 'spin';
    case 'parked':
      return 'parked';
    case 'unfinished':
      return { error: 'Unfinished' };
    case 'failed': {
      const { code, message } = outcome.error;
      if (code === 'ASSERTION_FAILED') return { panic: message.split(' in ')[0] ?? message };
      return { error: code === 'WRITE_ZERO' ? 'WriteZero' : code === 'STREAM_FAILED' ? 'Other' : code };
    }
  }
}

function isOutcome(value: unknown): value is VectorOutcome {
  if (value === 'parked' || value === 'spin') return true;
  if (typeof value !== 'object' || value === null) return false;
  const [key, ...more] = Object.keys(value);
  return more.length === 0 && (key === 'done' || key === 'error' || key === 'panic');
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

function malformed(expected: string, line: string, cause?: unknown): RelayscopeError {
  return new RelayscopeError(
    'VECTOR_MALFORMED',
    `Malformed vector: expected ${expected}, got ${line.length > 60 ? `${line.slice(0, 60)}…` : line}`,
    { cause },
  );
}
