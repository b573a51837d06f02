import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readNdjson } from '../../../src/trace/file/open-trace.ts';
import { isNdjsonName, saveTrace } from '../../../src/trace/file/save-trace.ts';
import { TraceError } from '../../../src/trace/file/trace-error.ts';
import { readTrace } from '../judged/judge-trace.ts';
import { goldenText } from './golden-text.ts';

/**
 * A golden trace as the text that is compared; null if there is none. It may have been written by hand, or exported.
 *
 * Throws TRACE_UNREADABLE, TRACE_MALFORMED, also for a line that is no event and no note, and TRACE_UNSUPPORTED.
 */
export async function readGolden(path: string): Promise<string | null> {
  if (!existsSync(path)) return null;
  const items = await readTrace(path);
  const damage = items.find((item) => item.kind === 'warning');
  if (damage === undefined) return goldenText(items, null);
  const place = { path, offset: damage.offset };
  throw new TraceError('TRACE_MALFORMED', `${path}: ${damage.message}`, place);
}

/** Writes it whole or not at all. Throws TRACE_UNWRITABLE. */
export async function writeGolden(path: string, text: string): Promise<void> {
  if (!isNdjsonName(path)) {
    await saveTrace(path, readNdjson([Buffer.from(text)]));
    return;
  }
  const unfinished = `${path}.${randomUUID()}.part`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(unfinished, text);
  await rename(unfinished, path);
}
