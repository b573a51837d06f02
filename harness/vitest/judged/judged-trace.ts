import { Diagnosis } from '../../../src/diagnose/diagnosis.ts';
import type { Ending } from '../../../src/diagnose/detector.ts';
import type { Finding } from '../../../src/diagnose/finding.ts';
import { decodeRecords } from '../../../src/trace/decode-records.ts';
import type { EventKind } from '../../../src/trace/event-kind.ts';
import type { TraceEvent } from '../../../src/trace/trace-event.ts';
import type { TraceItem } from '../../../src/trace/trace-item.ts';
import { Texts } from '../../report/texts.ts';

export interface JudgedTraceOptions {
  /** How the connections ended of which the trace does not say it. */
  readonly ending?: Partial<Ending> | undefined;
  /** Only what is of this connection is told. Default: all. */
  readonly connection?: number | null;
  /** What was found in it, where somebody has looked with more before him. */
  readonly findings?: readonly Finding[];
}

/** What a stream tells of itself between the calls: of use to a diagnosis, and much of it, rather than to a person. */
const BESIDE: ReadonlySet<EventKind> = new Set(['socket', 'queue', 'ledger', 'credit']);

/** The trace of what is judged. What is read out of it is read once, when somebody asks. */
export class JudgedTrace {
  readonly items: readonly TraceItem[];
  readonly connection: number | null;
  readonly #ending: Partial<Ending> | undefined;
  #findings: readonly Finding[] | null;

  constructor(items: readonly TraceItem[], { ending, connection = null, findings }: JudgedTraceOptions = {}) {
    this.items = items;
    this.connection = connection;
    this.#ending = ending;
    this.#findings = findings ?? null;
  }

  findings(): readonly Finding[] {
    this.#findings ??= this.#diagnosed().filter(({ connection }) => this.#shows(connection));
    return this.#findings;
  }

  /** The latest events of the copy and of the calls beneath it, so many. */
  latest(count: number): TraceEvent[] {
    const texts = new Texts();
    let events: TraceEvent[] = [];
    for (const item of this.items) {
      if (item.kind === 'string') texts.add(item.id, item.text);
      if (item.kind !== 'records') continue;
      const more = decodeRecords(item.words, item.firstSeq).filter(
        ({ connection, kind }) => this.#shows(connection) && !BESIDE.has(kind),
      );
      events = [...events, ...more.slice(-count)].slice(-count);
    }
    return events.map((event) => texts.told(event));
  }

  #shows(connection: number): boolean {
    return this.connection === null || connection === this.connection;
  }

  #diagnosed(): Finding[] {
    const diagnosis = new Diagnosis();
    for (const item of this.items) diagnosis.item(item);
    diagnosis.end(this.#ending);
    return diagnosis.findings();
  }
}
