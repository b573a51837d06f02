import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RelayscopeError } from '../../src/errors.ts';
import { toNdjson } from '../../src/trace/file/to-ndjson.ts';
import type { TraceAbout } from '../../src/trace/trace-note.ts';
import type { TraceEvent } from '../../src/trace/trace-event.ts';

/** So many folders at most are made on the way to a trace. */
const MAX_FOLDERS = 32;

/** Writes a trace as NDJSON, whole or not at all. Throws TRACE_UNWRITABLE. */
export async function writeTrace(path: string, header: TraceAbout, events: readonly TraceEvent[]): Promise<void> {
  // A name of its own: two programs may write to one folder.
  const unfinished = `${path}.${randomUUID()}.part`;
  try {
    await makeFolder(dirname(path), MAX_FOLDERS);
    await writeFile(unfinished, toNdjson(header, events));
    await rename(unfinished, path);
  } catch (cause) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new RelayscopeError('TRACE_UNWRITABLE', `Cannot write the trace ${path}: ${message}`, { cause });
  }
}

/** Not mkdir's own `recursive`: where a folder is there and refuses (as /proc does), Node tries again for ever. */
async function makeFolder(folder: string, most: number): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return;
    const parent = dirname(folder);
    if (code !== 'ENOENT' || most === 0 || existsSync(parent)) throw error;
    await makeFolder(parent, most - 1);
    await mkdir(folder);
  }
}
