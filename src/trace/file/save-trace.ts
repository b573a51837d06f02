import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { TraceItem } from '../trace-item.ts';
import { unwritable } from './append-file.ts';
import { encodeTrace } from './encode-trace.ts';
import { makeFolder } from './make-folder.ts';
import { traceToNdjson } from './trace-to-ndjson.ts';

/**
 * Writes a trace, whole or not at all: as NDJSON where the name ends in `.ndjson` or `.jsonl`, else as `.trace`. Folders
 * on the way are made.
 *
 * Throws TRACE_UNWRITABLE, and what `items` throw.
 *
 *     await saveTrace('traces/relay.trace', [{ kind: 'about', about: { title: 'A relay' } }, ...ringItems(recorder.buffer)]);
 */
export async function saveTrace(path: string, items: Iterable<TraceItem> | AsyncIterable<TraceItem>): Promise<void> {
  // A name of its own: two programs may write to one folder.
  const unfinished = `${path}.${randomUUID()}.part`;
  let failure: { readonly error: unknown } | null = null;
  async function* source(): AsyncGenerator<TraceItem> {
    try {
      yield* items;
    } catch (error) {
      failure = { error };
      throw error;
    }
  }
  try {
    makeFolder(dirname(path));
    const bytes = encodeTrace(source());
    await writeFile(unfinished, isNdjsonName(path) ? traceToNdjson(bytes) : bytes);
    await rename(unfinished, path);
  } catch (cause) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    // What the items themselves threw is not about this file.
    const { error } = (failure as { readonly error: unknown } | null) ?? { error: unwritable(path, cause) };
    throw error;
  }
}

/** Whether a trace of this name is its text twin. */
export function isNdjsonName(path: string): boolean {
  return /\.(?:ndjson|jsonl)$/i.test(path);
}
