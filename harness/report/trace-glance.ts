import { Diagnosis } from '../../src/diagnose/diagnosis.ts';
import type { Finding } from '../../src/diagnose/finding.ts';
import { WORDS_PER_RECORD } from '../../src/trace/ring-layout.ts';
import { SLICE_RECORDS, type InspectedItem } from './inspected-item.ts';
import { RecordWindow } from './record-window.ts';

/** So many records are diagnosed as they come; of a longer trace those between them and the latest are passed over. */
const FIRST_RECORDS = 1_000_000;
const LATEST_RECORDS = 65_536;

/** What a trace is found to suffer from, as quickly as `inspect` has to be: of a long one, by its first and its latest records. */
export class TraceGlance {
  readonly #diagnosis = new Diagnosis();
  #latest: RecordWindow | null = null;
  #records = 0;

  add(item: InspectedItem): void {
    if (item.kind === 'gap') return;
    if (item.kind !== 'records') this.#diagnosis.item(item);
    else if (this.#records < FIRST_RECORDS) this.#diagnosis.item(item);
    else {
      this.#latest ??= new RecordWindow(LATEST_RECORDS + SLICE_RECORDS);
      this.#latest.append(item.words, item.firstSeq);
    }
    if (item.kind === 'records') this.#records += item.words.length / WORDS_PER_RECORD;
  }

  /** What shows so far, in a trace of which the rest was not read. */
  soFar(): readonly Finding[] {
    return this.#diagnosis.findings();
  }

  /** Nothing more comes. */
  finish(): readonly Finding[] {
    const latest = this.#latest;
    if (latest !== null) for (const event of latest.events(latest.start, latest.end)) this.#diagnosis.event(event);
    this.#diagnosis.end();
    return this.#diagnosis.findings();
  }
}

/** What is said of the events that findings point at. */
export function pointedAt(findings: readonly Finding[]): ReadonlyMap<number, string> {
  return new Map(findings.map(({ seq, class: name }) => [seq, name]));
}
