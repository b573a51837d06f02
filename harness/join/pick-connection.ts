import { RelayscopeError } from '../../src/errors.ts';
import type { NoteCollector } from '../report/note-collector.ts';
import type { CopySummary } from './copy-summary.ts';

/** The one that was asked for; else the one that a verdict is about, or the first that moved something. Throws JOIN_NO_MATCH. */
export function pickConnection(
  copies: ReadonlyMap<number, CopySummary>,
  { verdicts }: NoteCollector,
  asked: number | null,
): CopySummary {
  if (asked !== null) {
    const found = copies.get(asked);
    if (found !== undefined) return found;
    throw new RelayscopeError(
      'JOIN_NO_MATCH',
      `No connection ${asked} in the trace: expected one of its ${copies.size} connections`,
    );
  }
  const blamed = verdicts.kept.findLast(({ connection }) => connection !== undefined)?.connection;
  const all = [...copies.values()];
  const found =
    all.find(({ connection }) => connection === blamed) ??
    all.find(({ sides }) => sides['a -> b'].read.bytes + sides['b -> a'].read.bytes > 0) ??
    all[0];
  if (found === undefined)
    throw new RelayscopeError('JOIN_NO_MATCH', 'No connection in the trace: expected one to look for in the capture');
  return found;
}
