import { Diagnosis } from '../../../src/diagnose/diagnosis.ts';
import type { Finding } from '../../../src/diagnose/finding.ts';
import { openTrace } from '../../../src/trace/file/open-trace.ts';
import { decodeRecords } from '../../../src/trace/decode-records.ts';
import type { ConnectionNote, TraceAbout } from '../../../src/trace/trace-note.ts';

export interface ForeignTrace {
  about: TraceAbout | null;
  connections: ConnectionNote[];
  /** `a -> b write 69 of 68`. */
  calls: string[];
  end: string | null;
  warnings: string[];
  findings: Finding[];
}

/** What stands in a trace of another program, but for its times. */
export async function readForeign(path: string): Promise<ForeignTrace> {
  const read: ForeignTrace = { about: null, connections: [], calls: [], end: null, warnings: [], findings: [] };
  const diagnosis = new Diagnosis();
  for await (const item of openTrace(path)) {
    diagnosis.item(item);
    if (item.kind === 'about') read.about = item.about;
    else if (item.kind === 'connection') read.connections.push(item.note);
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
  diagnosis.end();
  read.findings = diagnosis.findings();
  return read;
}
