import type { CopyCounts } from '../../../src/copy/copy-error.ts';
import { decodeRecords } from '../../../src/trace/decode-records.ts';
import { WORDS_PER_RECORD } from '../../../src/trace/ring-layout.ts';
import type { TraceItem } from '../../../src/trace/trace-item.ts';
import type { Verdict } from '../../../src/trace/trace-note.ts';
import { ConnectionFold } from './connection-fold.ts';
import type { Judged } from './judged.ts';
import { standingVerdict } from './standing-verdict.ts';

type Told = Pick<Judged, 'outcome' | 'direction' | 'message' | 'code' | 'counts' | 'waits'>;

/**
 * How a trace says that it ended: by its latest verdict, by the ends of its connections, and where nobody has said, by what its
 * events come to. Of several connections the one that is worst off is told.
 *
 * @param only this connection is looked at; null: all.
 */
export function traceOutcome(items: readonly TraceItem[], only: number | null = null): Told {
  const { connections, verdict, isWhole } = folded(items, only);
  const open = connections.filter((one) => !isOver(one));
  const waits = open.flatMap((one) => one.waits().map((wait) => named(wait, one, connections)));
  const common = { counts: isWhole ? countsOf(connections) : null, waits };
  if (verdict !== null && !isOfOneAlone(verdict, connections)) return { ...common, ...byVerdict(verdict) };
  const looping = open.find(({ loopsIn }) => loopsIn !== null);
  if (looping !== undefined)
    return { ...common, ...said('spinning', looping.loopsIn, 'The trace ends in a loop that repeats itself') };
  for (const { forgotten } of open) {
    if (forgotten === null) continue;
    const { direction, half } = forgotten;
    return { ...common, ...said('parked', direction, `Nobody will wake the ${half} half of ${direction}`) };
  }
  const failed = connections.find((one) => hasFailed(one));
  if (failed !== undefined)
    return { ...common, ...said('failed', failed.failedIn, failed.note?.message ?? null, failed.note?.end ?? null) };
  const isAll = connections.length > 0 && open.length === 0;
  return { ...common, ...said(isAll ? 'completed' : 'open', null, null) };
}

function said(
  outcome: Told['outcome'],
  direction: Told['direction'],
  message: string | null,
  code: string | null = null,
): Pick<Told, 'outcome' | 'direction' | 'message' | 'code'> {
  return { outcome, direction, message, code };
}

function byVerdict({ outcome, direction, message }: Verdict): ReturnType<typeof said> {
  return said(outcome === 'busy' || outcome === 'recovered' ? 'open' : outcome, direction ?? null, message);
}

/** That one connection is well says nothing of the others. */
function isOfOneAlone({ outcome, connection }: Verdict, connections: readonly ConnectionFold[]): boolean {
  return (
    outcome === 'completed' && connection !== undefined && connections.some((one) => one.connection !== connection)
  );
}

interface Folded {
  readonly connections: ConnectionFold[];
  readonly verdict: Verdict | null;
  /** Whether no record is missing. */
  readonly isWhole: boolean;
}

function folded(items: readonly TraceItem[], only: number | null): Folded {
  const connections = new Map<number, ConnectionFold>();
  const of = (connection: number): ConnectionFold => {
    const one = connections.get(connection) ?? new ConnectionFold(connection);
    connections.set(connection, one);
    return one;
  };
  const verdicts: Verdict[] = [];
  let isWhole = true;
  let nextSeq = 0;
  for (const item of items) {
    if (item.kind === 'verdict') verdicts.push(item.verdict);
    else if (item.kind === 'connection') of(item.note.connection).note = item.note;
    if (item.kind !== 'records') continue;
    if (item.firstSeq > nextSeq) isWhole = false;
    nextSeq = item.firstSeq + item.words.length / WORDS_PER_RECORD;
    for (const event of decodeRecords(item.words, item.firstSeq))
      if (event.connection > 0) of(event.connection).event(event);
  }
  const all = [...connections.values()];
  const shown = only === null ? all : all.filter(({ connection }) => connection === only);
  return { connections: shown, verdict: standingVerdict(verdicts), isWhole };
}

function isOver(one: ConnectionFold): boolean {
  return one.isDone || one.failedIn !== null || one.note?.end !== undefined;
}

/** It is over, and not because both of its directions are done. */
function hasFailed(one: ConnectionFold): boolean {
  const end = one.note?.end;
  return end === undefined ? one.failedIn !== null : end !== 'completed';
}

function countsOf(connections: readonly ConnectionFold[]): CopyCounts | null {
  if (connections.length === 0) return null;
  const sum = (of: (counts: CopyCounts) => number): number =>
    connections.reduce((total, { counts }) => total + of(counts), 0);
  return { aToB: sum(({ aToB }) => aToB), bToA: sum(({ bToA }) => bToA) };
}

function named(wait: string, { connection }: ConnectionFold, all: readonly ConnectionFold[]): string {
  return all.length > 1 ? `connection ${connection}: ${wait}` : wait;
}
