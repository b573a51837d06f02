import { Diagnosis } from '../../../src/diagnose/diagnosis.ts';
import type { Finding } from '../../../src/diagnose/finding.ts';
import { saveTrace } from '../../../src/trace/file/save-trace.ts';
import { ringItems } from '../../../src/trace/ring-snapshot.ts';
import type { TraceItem } from '../../../src/trace/trace-item.ts';
import type { Verdict } from '../../../src/trace/trace-note.ts';
import type { ActiveRing, StuckCase } from './report-stuck.ts';

/** The copy that ran in a stuck thread. */
export interface StuckCopy {
  readonly findings: readonly Finding[];
  readonly path: string;
  /** Why the trace could not be written. */
  readonly failure: string | null;
}

export interface StuckTraceOptions {
  /** The recorder that recorded while the thread was looked at. */
  readonly active: ActiveRing | null;
  readonly verdict: Omit<Verdict, 'atMs'>;
  readonly path: string;
}

/** Diagnoses what the recorder of a stuck copy holds, and saves it with stack and verdict. Null: no copy runs. */
export async function saveStuckTrace(found: StuckCase, options: StuckTraceOptions): Promise<StuckCopy | null> {
  const { active, verdict, path } = options;
  if (active === null) return null;
  const items = [...itemsOf(found, active, verdict)];
  const diagnosis = new Diagnosis();
  for (const item of items) diagnosis.item(item);
  diagnosis.end();
  const findings = diagnosis.findings().filter(({ connection }) => connection === active.recorded.connection);
  let failure: string | null = null;
  try {
    await saveTrace(path, items);
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  return { findings, path, failure };
}

function* itemsOf(
  { thread, frames, omitted, place }: StuckCase,
  { counter: { ring } }: ActiveRing,
  verdict: Omit<Verdict, 'atMs'>,
): Generator<TraceItem> {
  const atMs = ring.elapsedMs;
  const title = place?.titles.join(' > ') ?? 'A stuck test';
  yield {
    kind: 'about',
    about: { writer: 'relayscope/vitest/guard', title, pid: process.pid, runtime: `node ${process.version}` },
  };
  for (const note of ring.connections) yield { kind: 'connection', note };
  yield* ringItems(ring.buffer);
  yield { kind: 'stack', note: { thread, atMs, frames, ...(omitted === 0 ? {} : { omitted }) } };
  yield { kind: 'verdict', verdict: { ...verdict, atMs } };
  yield { kind: 'end', note: { reason: 'closed', atMs } };
}
