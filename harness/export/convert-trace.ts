import { randomUUID } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileBytes, openTrace } from '../../src/trace/file/open-trace.ts';
import { TraceError } from '../../src/trace/file/trace-error.ts';
import { ndjsonToTrace, traceToNdjson } from '../../src/trace/file/trace-to-ndjson.ts';
import { traceToPcapng } from './pcapng/trace-to-pcapng.ts';

export type TraceForm = 'trace' | 'ndjson';

/** What a trace can be written as. */
export type ExportForm = TraceForm | 'pcapng';

export interface ConvertOptions {
  readonly to: ExportForm;
  /** Replaces a file that is there. */
  readonly overwrite: boolean;
  readonly signal: AbortSignal;
  readonly onWarning: (message: string) => void;
}

/** Another form of a trace, piece by piece, in bounded memory. Throws what the readers throw. */
export async function* converted(
  from: string,
  { to, signal, onWarning }: Omit<ConvertOptions, 'overwrite'>,
): AsyncGenerator<string | Uint8Array> {
  if (to === 'pcapng') {
    yield* traceToPcapng(() => openTrace(from, { signal }), { signal, onWarning });
    return;
  }
  const source = fileBytes(from, signal);
  if (to === 'trace') {
    yield* ndjsonToTrace(source, onWarning);
    return;
  }
  for await (const lines of traceToNdjson(source)) {
    // What could not be read is a line of the result, and is said here too.
    if (lines.startsWith('{"warning"')) onWarning(warningOf(lines));
    yield lines;
  }
}

/**
 * Writes another form of a trace, whole or not at all. Throws TRACE_UNWRITABLE, also for a file that is there, and what
 * the readers throw.
 */
export async function convertTrace(from: string, into: string, options: ConvertOptions): Promise<void> {
  if (!options.overwrite && existsSync(into)) throw unwritable(into, 'it is there already, and --force is not given');
  // Beside its place, so that it can be moved there.
  const unfinished = `${into}.${randomUUID()}.part`;
  try {
    const source = Readable.from(converted(from, options), { objectMode: true });
    await pipeline(source, createWriteStream(unfinished, { flags: 'wx' }), { signal: options.signal });
    await rename(unfinished, into);
  } catch (cause) {
    options.signal.throwIfAborted();
    if (cause instanceof TraceError) throw cause;
    throw unwritable(into, cause instanceof Error ? cause.message : String(cause), cause);
  } finally {
    await rm(unfinished, { force: true }).catch(() => undefined);
  }
}

function unwritable(path: string, why: string, cause?: unknown): TraceError {
  return new TraceError('TRACE_UNWRITABLE', `Cannot write ${path}: ${why}`, { path }, { cause });
}

function warningOf(line: string): string {
  // A line that our own writer has just made.
  return (JSON.parse(line) as { warning: string }).warning;
}
