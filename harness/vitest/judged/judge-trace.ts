import { openTrace } from '../../../src/trace/file/open-trace.ts';
import type { TraceItem } from '../../../src/trace/trace-item.ts';
import { NOTHING_KNOWN, type Judged } from './judged.ts';
import { JudgedTrace } from './judged-trace.ts';
import { traceOutcome } from './trace-outcome.ts';

/** A trace as it stands. */
export function judgeTrace(items: readonly TraceItem[], what = 'a trace'): Judged {
  return { ...NOTHING_KNOWN, what, ...traceOutcome(items), trace: new JudgedTrace(items) };
}

/** A trace file of either form. Throws TRACE_UNREADABLE, TRACE_MALFORMED and TRACE_UNSUPPORTED. */
export async function judgeTraceFile(path: string): Promise<Judged> {
  return { ...judgeTrace(await readTrace(path), 'a trace file'), tracePath: path };
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
