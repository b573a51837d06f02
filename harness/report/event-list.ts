import { Flag, Kind } from '../../src/trace/event-kind.ts';
import { WORDS_PER_RECORD } from '../../src/trace/ring-layout.ts';
import type { TraceEvent } from '../../src/trace/trace-event.ts';
import type { EventFilter } from './event-filter.ts';
import { SLICE_RECORDS, type InspectedItem } from './inspected-item.ts';
import { RecordRuns } from './record-runs.ts';
import { RecordWindow } from './record-window.ts';

/** An event and the extensions of its four values. */
const MAX_EVENT_RECORDS = 5;
/** So many extensions have room beside a long list; a longer one of nothing else shows fewer events, and says so. */
const MAX_SPARE_RECORDS = 8192;

export interface ListedEvents {
  readonly events: readonly TraceEvent[];
  /** Events that passed the filter so far, gaps included. */
  readonly matched: number;
  /** Whether what came after them was read at all. */
  readonly stoppedEarly: boolean;
}

/** The events of a trace that pass a filter: the latest `limit`, or those around one of them, in memory for just those. */
export class EventList {
  readonly #runs: RecordRuns;
  readonly #limit: number;
  readonly #window: RecordWindow;
  #matched = 0;
  /** The sequence number of the event that is to be in the middle. */
  #middle: number | null;

  constructor(filter: EventFilter, limit: number, around: number | null) {
    this.#runs = new RecordRuns(filter);
    this.#limit = limit;
    this.#middle = around;
    this.#window = new RecordWindow(2 * recordsOf(limit) + 2 * SLICE_RECORDS);
  }

  /** From now on this event is to be in the middle. It must be among those of the latest item. */
  centre(seq: number): void {
    this.#middle ??= seq;
  }

  /** Whether the events around the middle are complete. */
  get isComplete(): boolean {
    if (this.#middle === null) return false;
    const middle = this.#window.indexOf(this.#middle);
    return this.#window.end - middle > recordsOf(this.#limit - this.#before);
  }

  add(item: InspectedItem): void {
    // What comes after those around the middle is counted, and must not push them out.
    const { isComplete } = this;
    for (const { words, firstSeq } of this.#runs.of(item)) {
      if (!isComplete) this.#window.append(words, firstSeq);
      for (let at = 0; at < words.length; at += WORDS_PER_RECORD) {
        if (((words[at] ?? 0) & Flag.KIND_MASK) !== Kind.EXTENSION) this.#matched += 1;
      }
    }
  }

  finish(): ListedEvents {
    const window = this.#window;
    const stoppedEarly = this.isComplete;
    if (this.#middle === null) {
      const events = window.events(window.back(window.end, this.#limit), window.end);
      return { events, matched: this.#matched, stoppedEarly };
    }
    const middle = window.indexOf(this.#middle);
    const events = window.events(window.back(middle, this.#before), middle + recordsOf(this.#limit));
    return { events: events.slice(0, this.#limit), matched: this.#matched, stoppedEarly };
  }

  get #before(): number {
    return Math.floor((this.#limit - 1) / 2);
  }
}

/** So many records hold that many events. */
function recordsOf(events: number): number {
  return Math.min(MAX_EVENT_RECORDS * events, events + MAX_SPARE_RECORDS);
}
