import { relative } from 'node:path';
import { epochMs } from '../../../src/poll/clock.ts';
import { saveTrace } from '../../../src/trace/file/save-trace.ts';
import type { TraceItem } from '../../../src/trace/trace-item.ts';
import { aboutProcess } from '../../../src/watch/about-process.ts';
import { waitingLines } from './waiting-lines.ts';
import { pictureOf } from './waiting-picture.ts';
import type { WaitingSnapshot } from './waiting-snapshot.ts';

export interface WaitingReportOptions {
  /** What the trace says that was run. */
  readonly title: string;
  /** What paths are shown from. */
  readonly root: string;
  /** Where the trace of each recorder goes, numbered from 1. */
  readonly tracePath: (number: number) => string;
}

/** What a test has waited for, as lines for a person, and the traces that they name. No lines: for no copy. */
export async function waitingReport(
  snapshots: readonly WaitingSnapshot[],
  { title, root, tracePath }: WaitingReportOptions,
): Promise<string[]> {
  const waiting = snapshots
    .map((snapshot) => ({ snapshot, ...pictureOf(snapshot) }))
    .filter(({ copies }) => copies.length > 0);
  if (waiting.length === 0) return [];
  const lines = waitingLines(waiting.flatMap(({ copies }) => copies));
  for (const [index, { snapshot, items }] of waiting.entries()) {
    const { recorder, nowMs } = snapshot;
    const about = aboutProcess(epochMs() - recorder.elapsedMs(), { title });
    const whole: TraceItem[] = [
      { kind: 'about', about },
      ...items,
      { kind: 'end', note: { reason: 'closed', atMs: nowMs } },
    ];
    lines.push(`  ${await saved(tracePath(index + 1), root, whole)}`);
  }
  return lines;
}

async function saved(path: string, root: string, items: readonly TraceItem[]): Promise<string> {
  try {
    await saveTrace(path, items);
    const shown = relative(root, path);
    return `trace: ${shown} (relayscope why ${shown})`;
  } catch (cause) {
    return `trace: not written: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}
