import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RelayscopeError } from '../../src/errors.ts';
import { toNdjson, type TraceHeader } from '../../src/trace/ndjson.ts';
import type { TraceEvent } from '../../src/trace/trace-event.ts';

/** Writes a trace as NDJSON, whole or not at all. Throws TRACE_UNWRITABLE. */
export async function writeTrace(path: string, header: TraceHeader, events: readonly TraceEvent[]): Promise<void> {
  const unfinished = `${path}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(unfinished, toNdjson(header, events));
    await rename(unfinished, path);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new RelayscopeError('TRACE_UNWRITABLE', `Cannot write the trace ${path}: ${message}`, { cause });
  }
}
