import { Diagnosis } from '../../../src/diagnose/diagnosis.ts';
import type { Detector, Ending } from '../../../src/diagnose/detector.ts';
import type { Finding } from '../../../src/diagnose/finding.ts';
import { encodeEvent } from '../../../src/trace/encode-event.ts';
import { WORDS_PER_RECORD } from '../../../src/trace/ring-layout.ts';
import type { TraceEvent } from '../../../src/trace/trace-event.ts';

/** An event without its number; what is left out is that of a direction that runs. */
export type Told = Partial<TraceEvent> & Pick<TraceEvent, 'kind'>;

export function read(n: TraceEvent['n'], place: Partial<TraceEvent> = {}): Told {
  return { kind: 'read', pos: 0, cap: 0, n: n ?? 0, offered: 2048, ...place };
}

export function write(offered: number, n: TraceEvent['n'], place: Partial<TraceEvent> = {}): Told {
  return { kind: 'write', pos: 0, cap: offered, n: n ?? 0, offered, ...place };
}

export function loop(pos: number, cap: number, place: Partial<TraceEvent> = {}): Told {
  return { kind: 'loop', pos, cap, ...place };
}

/** What the stream beneath answers to a write, and what it has taken in all by then. */
export function handsOn(offered: number, n: TraceEvent['n'], taken?: number): Told[] {
  const told: Told[] = [{ kind: 'inner-write', half: 'write', n: n ?? 0, offered }];
  return taken === undefined ? told : [...told, { kind: 'ledger', half: 'write', n: taken, offered: 0 }];
}

export interface Diagnosed {
  readonly detector: Detector;
  readonly dialect?: string;
  readonly ending?: Partial<Ending>;
  /** Records are missing before the events with these indices. */
  readonly gaps?: readonly number[];
}

const COMMON = { connection: 1, tickMs: 0, direction: 'a -> b', read_done: false, need_flush: false } as const;
const MISSING_RECORDS = 100;

/** What one detector finds in these events. */
export function found(events: readonly Told[], { detector, dialect, ending, gaps = [] }: Diagnosed): Finding[] {
  const diagnosis = new Diagnosis({ detectors: [detector] });
  if (dialect !== undefined) diagnosis.item({ kind: 'about', about: { dialect } });
  let seq = 0;
  for (const [index, told] of events.entries()) {
    if (gaps.includes(index)) seq += MISSING_RECORDS;
    const event: TraceEvent = { ...COMMON, state: 'running', ...told, seq };
    diagnosis.event(event);
    seq += encodeEvent(event).length / WORDS_PER_RECORD;
  }
  diagnosis.end(ending);
  return diagnosis.findings();
}
