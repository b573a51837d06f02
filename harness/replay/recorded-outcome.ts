import { resolveDialect } from '../../src/copy/dialect.ts';
import { RelayscopeError } from '../../src/errors.ts';
import type { Direction } from '../../src/poll/direction.ts';
import type { TraceEvent } from '../../src/trace/trace-event.ts';
import type { RunOutcomeName } from '../scenario/scenario.ts';
import type { RecordedConnection } from './recorded-connection.ts';

/** What became of a recorded connection. */
export interface RecordedOutcome {
  /** `waiting`: for its peers, where the record ends. */
  readonly outcome: RunOutcomeName | 'waiting';
  readonly direction: Direction | null;
  /** Of the error that it failed with, as far as it is known. */
  readonly code: string | null;
  /** By what it is known: what was said of it, or its last events. */
  readonly by: 'verdict' | 'end' | 'events';
}

/** Polls that were counted together more often than that moved nothing, and went on. */
const MANY_POLLS = 1000;

/** By its verdict, else by how it was said to end, else by its last events. */
export function recordedOutcome({ verdict, note, events, about }: RecordedConnection): RecordedOutcome {
  if (
    verdict !== null &&
    verdict.outcome !== 'blocked' &&
    verdict.outcome !== 'busy' &&
    verdict.outcome !== 'recovered'
  )
    return { outcome: verdict.outcome, direction: verdict.direction ?? null, code: null, by: 'verdict' };
  if (note?.end === 'completed') return { outcome: 'completed', direction: null, code: null, by: 'end' };
  // Ended from outside, by who ran it: the record ends there, and was not to.
  if (note?.end === 'ABORTED') return { outcome: 'unfinished', direction: null, code: null, by: 'end' };
  if (note?.end !== undefined) return { outcome: 'failed', direction: null, code: note.end, by: 'end' };
  return { ...byEvents(events, about.dialect), by: 'events' };
}

function byEvents(events: readonly TraceEvent[], dialect: string | undefined): Omit<RecordedOutcome, 'by'> {
  const done = new Set(
    events.filter(({ kind, state }) => kind === 'state' && state === 'done').map((e) => e.direction),
  );
  if (done.size === 2) return { outcome: 'completed', direction: null, code: null };
  const last = events.findLast(({ kind }) => kind !== 'fault' && kind !== 'gap');
  const direction = last?.direction ?? null;
  const failed = (code: string): Omit<RecordedOutcome, 'by'> => ({ outcome: 'failed', direction, code });
  if (last?.n === 'failed') return failed('STREAM_FAILED');
  if (last?.kind === 'write' && last.n !== 'pending') {
    if (checksCounts(dialect)) return failed('WRITE_COUNT_INVALID');
    return failed(last.n === 0 ? 'WRITE_ZERO' : 'ASSERTION_FAILED');
  }
  if (last?.kind === 'read' && last.n !== 'pending' && checksCounts(dialect)) return failed('READ_COUNT_INVALID');
  // After the end of an iteration that does not go round for ever comes a call.
  if (last?.kind === 'loop') return { outcome: 'spinning', direction, code: null };
  const poll = events.findLastIndex(({ kind }) => kind === 'poll');
  if ((events[poll]?.repeat ?? 0) >= MANY_POLLS) return { outcome: 'livelocked', direction: null, code: null };
  const latest = events.slice(Math.max(0, poll));
  if (latest.some(({ kind }) => kind === 'wake')) return { outcome: 'unfinished', direction: null, code: null };
  return { outcome: 'waiting', direction: null, code: null };
}

function checksCounts(dialect: string | undefined): boolean {
  if (dialect === undefined) return false;
  try {
    return resolveDialect(dialect).checksCounts;
  } catch (error) {
    if (error instanceof RelayscopeError) return false;
    throw error;
  }
}
