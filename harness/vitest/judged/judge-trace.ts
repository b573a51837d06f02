import { existsSync } from 'node:fs';
import { printable } from '../../../src/printable.ts';
import { openTrace } from '../../../src/trace/file/open-trace.ts';
import { TraceError } from '../../../src/trace/file/trace-error.ts';
import type { TraceItem } from '../../../src/trace/trace-item.ts';
import { NOTHING_KNOWN, type Judged } from './judged.ts';
import { JudgedTrace } from './judged-trace.ts';
import { traceOutcome } from './trace-outcome.ts';

const MAX_PATH_CHARS = 200;

/** A trace as it stands. */
export function judgeTrace(items: readonly TraceItem[], what = 'a trace'): Judged {
  return { ...NOTHING_KNOWN, what, ...traceOutcome(items), trace: new JudgedTrace(items) };
}

/** A trace file of either form. Throws TRACE_UNREADABLE, TRACE_MALFORMED and TRACE_UNSUPPORTED. */
export async function judgeTraceFile(path: string): Promise<Judged> {
  const items = await readTrace(path).catch((error: unknown) => {
    throw error instanceof TraceError ? unreadable(path, error) : error;
  });
  return { ...judgeTrace(items, 'a trace file'), tracePath: path };
}

/** In one line: vitest prints the causes of an error with all their stacks. */
function unreadable(path: string, { code, message, place }: TraceError): TraceError {
  if (existsSync(path)) return new TraceError(code, message, place);
  const shown = JSON.stringify(printable(path, MAX_PATH_CHARS));
  return new TraceError(code, `No trace at ${shown}: expected the path of a trace file, got one where nothing is`, {
    path,
  });
}

/** All of a trace file, in memory. */
export async function readTrace(path: string): Promise<TraceItem[]> {
  const items: TraceItem[] = [];
  for await (const item of openTrace(path)) {
    // The reader uses the memory of its records again.
    items.push(item.kind === 'records' ? { ...item, words: item.words.slice() } : item);
  }
  return items;
}
