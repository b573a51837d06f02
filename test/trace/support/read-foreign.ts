import { openTrace } from '../../../src/trace/file/open-trace.ts';
import { decodeRecords } from '../../../src/trace/decode-records.ts';
import type { TraceAbout } from '../../../src/trace/trace-note.ts';

export interface ForeignTrace {
  about: TraceAbout | null;
  /** `a -> b write 69 of 68`. */
  calls: string[];
  end: string | null;
  warnings: string[];
}

/** What stands in a trace of another program, but for its times. */
export async function readForeign(path: string): Promise<ForeignTrace> {
  const read: ForeignTrace = { about: null, calls: [], end: null, warnings: [] };
  for await (const item of openTrace(path)) {
    if (item.kind === 'about') read.about = item.about;
    else if (item.kind === 'end') read.end = item.note.reason;
    else if (item.kind === 'warning') read.warnings.push(item.message);
    else if (item.kind === 'records') {
      for (const { direction, kind, n, offered } of decodeRecords(item.words, item.firstSeq)) {
        const of = kind === 'read' || kind === 'write' ? ` of ${JSON.stringify(offered)}` : '';
        const told = typeof n === 'string' ? n : JSON.stringify(n);
        read.calls.push(`${direction ?? 'no direction'} ${kind} ${told}${of}`);
      }
    }
  }
  return read;
}
