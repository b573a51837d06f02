import { existsSync } from 'node:fs';
import { RelayscopeError } from '../../src/errors.ts';
import { saveTrace } from '../../src/trace/file/save-trace.ts';
import type { AttachReport } from './attach-report.ts';
import type { OpenInspector } from './open-inspector.ts';
import { readRecorder, type RecorderCopy } from './read-recorder.ts';
import { traceItems } from './trace-items.ts';

const MAX_NAMES = 1000;

export interface SavedTrace {
  readonly path: string | null;
  readonly warnings: readonly string[];
}

/**
 * Saves what was seen of a process, with what its recorder holds, if it has one. Without a path it is saved only then,
 * under a name that is free.
 *
 * Throws TRACE_UNWRITABLE.
 */
export async function saveAttachTrace(
  report: AttachReport,
  opened: OpenInspector | null,
  path: string | null,
): Promise<SavedTrace> {
  const warnings: string[] = [];
  let recorder: RecorderCopy | null = null;
  try {
    // A thread that stands in a call answers nothing.
    const canAsk = opened !== null && (report.outcome !== 'blocked' || report.frames.length > 0);
    recorder = canAsk ? await readRecorder(opened.client) : null;
  } catch (error) {
    if (!(error instanceof RelayscopeError)) throw error;
    warnings.push(`Its recorder could not be read: ${error.message}`);
  }
  if (recorder === null && path === null) return { path: null, warnings };
  if (recorder !== null && recorder.others > 0) {
    warnings.push(`It has ${recorder.others + 1} recorders: saved is the one with the most records`);
  }
  const name = path ?? freeName(report.pid);
  try {
    await saveTrace(name, traceItems(report, recorder));
  } catch (error) {
    if (!(error instanceof RelayscopeError) || error.code !== 'RING_MALFORMED') throw error;
    warnings.push(`What it shows as its recorder is none: ${error.message}`);
    await saveTrace(name, traceItems(report, null));
  }
  return { path: name, warnings };
}

/** Nothing is written over that was not named. */
function freeName(pid: number): string {
  for (let number = 1; number < MAX_NAMES; number += 1) {
    const name = number === 1 ? `relayscope-${pid}.trace` : `relayscope-${pid}-${number}.trace`;
    if (!existsSync(name)) return name;
  }
  return `relayscope-${pid}.trace`;
}
