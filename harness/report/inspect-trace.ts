import { Flag, Kind } from '../../src/trace/event-kind.ts';
import { WORDS_PER_RECORD } from '../../src/trace/ring-layout.ts';
import type { TraceEvent } from '../../src/trace/trace-event.ts';
import { CycleTracker, SEARCHED_RECORDS, type Loop } from './cycle-tracker.ts';
import type { EventFilter } from './event-filter.ts';
import { gapRecord, SLICE_RECORDS, type InspectedItem } from './inspected-item.ts';
import { NoteCollector } from './note-collector.ts';
import { RecordWindow } from './record-window.ts';
import { TraceTotals } from './trace-totals.ts';
import { isSuspect, violationOf, type Violation } from './violation.ts';

/** So many of the last events are kept. */
const LAST_EVENTS = 8;
/** An event's four values at most stand in extensions after it. */
const MAX_EVENT_RECORDS = 5;

/** What is said of a trace as a whole. */
export interface Inspection {
  readonly notes: NoteCollector;
  readonly totals: TraceTotals;
  readonly loop: Loop | null;
  readonly firstViolation: Violation | null;
  /** Records, not events, that broke a rule. */
  readonly violations: number;
  readonly last: readonly TraceEvent[];
}

/** Reads a trace once, in bounded memory, and tells what there is to tell of it as a whole. */
export class TraceInspector {
  readonly #window = new RecordWindow(SEARCHED_RECORDS + SLICE_RECORDS);
  readonly #cycles = new CycleTracker(this.#window);
  readonly #totals = new TraceTotals();
  readonly #notes = new NoteCollector();
  #firstViolation: Violation | null = null;
  #violations = 0;
  /** Index of an event that is to be judged once its extensions are here. */
  #suspect = -1;
  readonly #judged: EventFilter | null;

  /** @param judged which events may break a rule. Default: all. */
  constructor(judged: EventFilter | null = null) {
    this.#judged = judged;
  }

  add(item: InspectedItem): void {
    if (item.kind === 'records') this.#addSlice(item.words, item.firstSeq);
    else if (item.kind === 'gap') {
      this.#totals.addGap(item.missing);
      this.#addSlice(gapRecord(item.missing), item.seq);
    } else this.#notes.add(item);
  }

  /** So many so far. */
  get records(): number {
    return this.#totals.records;
  }

  /** The highest sequence number so far; -1 before the first. */
  get lastSeq(): number {
    return this.#window.end === 0 ? -1 : this.#window.seq(this.#window.end - 1);
  }

  /** As far as has been read. */
  get firstViolation(): Violation | null {
    return this.#firstViolation;
  }

  finish(): Inspection {
    this.#judge();
    return {
      notes: this.#notes,
      totals: this.#totals,
      loop: this.#loop(),
      firstViolation: this.#firstViolation,
      violations: this.#violations,
      last: this.#notes.told(this.#window.events(this.#window.back(this.#window.end, LAST_EVENTS), this.#window.end)),
    };
  }

  #loop(): Loop | null {
    const loop = this.#cycles.loop();
    if (loop === null) return null;
    return { ...loop, before: this.#notes.told(loop.before), events: this.#notes.told(loop.events) };
  }

  #addSlice(words: Int32Array, firstSeq: number): void {
    this.#window.append(words, firstSeq);
    this.#totals.add(words);
    this.#cycles.add(words);
    const start = this.#window.end - words.length / WORDS_PER_RECORD;
    for (let at = 0; at < words.length; at += WORDS_PER_RECORD) {
      if (this.#suspect !== -1 && ((words[at] ?? 0) & Flag.KIND_MASK) !== Kind.EXTENSION) this.#judge();
      if (!isSuspect(words, at) || this.#judged?.passes(words, at) === false) continue;
      // Without extensions to it a suspect record is guilty; after the first, only their number is of interest.
      if (this.#firstViolation !== null && ((words[at] ?? 0) & Flag.EXTENDED) === 0) this.#violations += 1;
      else this.#suspect = start + at / WORDS_PER_RECORD;
    }
  }

  #judge(): void {
    if (this.#suspect === -1) return;
    const [event] = this.#window.events(this.#suspect, this.#suspect + MAX_EVENT_RECORDS);
    this.#suspect = -1;
    const violation = event === undefined ? null : violationOf(event);
    if (violation === null) return;
    this.#violations += 1;
    this.#firstViolation ??= violation;
  }
}
