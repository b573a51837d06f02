import type { TraceItem } from '../../src/trace/trace-item.ts';
import type { ConnectionNote, Verdict } from '../../src/trace/trace-note.ts';
import { CaptureError } from '../capture/capture-error.ts';
import type { CaptureNote } from '../capture/capture-note.ts';
import { SegmentReader } from '../capture/packet/segment-reader.ts';
import { readCapture } from '../capture/read/read-capture.ts';
import { FlowTable } from '../capture/tcp/flow-table.ts';
import { counted } from '../report/format-number.ts';
import { clockShift } from './clock-shift.ts';
import type { CopySummary } from './copy-summary.ts';
import { FlowCollector } from './flow-collector.ts';
import { joinDirections, type JoinedDirection } from './joined-direction.ts';
import { MAX_JOINED_FLOWS } from './join-limits.ts';
import { judgeDirection, type JudgedDirection } from './judge-direction.ts';
import { matchFlows, type MatchedFlows } from './match-flows.ts';
import { pickConnection } from './pick-connection.ts';
import { readCopies } from './read-copies.ts';

export interface JoinInput {
  readonly trace: AsyncIterable<TraceItem>;
  readonly capture: AsyncIterable<Uint8Array>;
  /** The trace's connection. Default: the one that its verdict is about, or else the first that moved something. */
  readonly connection: number | null;
  /** The capture's flows to be considered; empty: all. */
  readonly flows: readonly number[];
  readonly signal: AbortSignal;
}

/** One conversation, as a trace and a capture have it. */
export interface Joined {
  readonly copy: CopySummary;
  readonly note: ConnectionNote | undefined;
  readonly verdicts: readonly Verdict[];
  readonly matched: MatchedFlows;
  readonly clock: { readonly shiftMs: number; readonly isOneClock: boolean } | null;
  readonly directions: readonly (JoinedDirection & { readonly judged: JudgedDirection })[];
  readonly warnings: readonly string[];
  /** What the capture's reader stopped at; what came before it counts. */
  readonly failure: CaptureError | null;
}

/**
 * Puts a trace beside a capture, and says where the bytes of each direction stop. Both are read once, in bounded memory.
 * Throws what the reader of traces throws; a CaptureError if nothing of the capture can be read; JOIN_NO_MATCH.
 */
export async function joinTrace({ trace, capture, connection, flows, signal }: JoinInput): Promise<Joined> {
  const { notes, copies, missing } = await readCopies(trace, signal);
  const collector = new FlowCollector();
  const warnings = [...notes.warnings.kept];
  if (missing > 0) warnings.push(`${counted(missing, 'record')} of the trace missing: its counts are too low`);
  const failure = await collect(capture, collector, warnings);
  if (collector.leftOut > 0)
    warnings.push(`Only the first ${MAX_JOINED_FLOWS} flows were looked at: ${collector.leftOut} more are left out`);
  const copy = pickConnection(copies, notes, connection);
  const note = notes.names.get(copy.connection);
  const startedAtMs = notes.about.startedAtMs ?? 0;
  const matched = matchFlows({ copy, note, startedAtMs, flows: collector.summaries, chosen: flows });
  const directions = joinDirections(copy.sides, matched).map((one) => ({
    ...one,
    judged: judgeDirection(one, note?.end),
  }));
  const clock = clockShift(startedAtMs, directions);
  const verdicts = notes.verdicts.kept.filter((verdict) => (verdict.connection ?? copy.connection) === copy.connection);
  return { copy, note, verdicts, matched, clock, directions, warnings, failure };
}

/** Returns what was wrong with the capture, if something of it could be read. */
async function collect(
  capture: AsyncIterable<Uint8Array>,
  collector: FlowCollector,
  warnings: string[],
): Promise<CaptureError | null> {
  const table = new FlowTable(collector);
  const onNote = (note: CaptureNote): void => {
    if (note.kind === 'cut') warnings.push(`The capture ends in the middle of a packet, at byte ${note.fileOffset}`);
  };
  try {
    await readCapture(capture, new SegmentReader(table, onNote));
  } catch (error) {
    table.end();
    if (!(error instanceof CaptureError) || collector.summaries.length === 0) throw error;
    return error;
  }
  table.end();
  return null;
}
