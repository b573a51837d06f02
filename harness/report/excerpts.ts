import type { TraceEvent } from '../../src/trace/trace-event.ts';
import { gapRecord, SLICE_RECORDS, type InspectedItem } from './inspected-item.ts';
import { RecordWindow } from './record-window.ts';

/** So many events of the same connection are shown before one, and after it. */
const CONTEXT = 4;
/** So far apart those may be: others' events stand between them. */
const REACH_RECORDS = 512;
/** More are not looked for. */
const MAX_WANTED = 1024;

/** An event, and what came before and after it on its connection. */
export interface Excerpt {
  readonly before: readonly TraceEvent[];
  readonly event: TraceEvent;
  readonly after: readonly TraceEvent[];
}

/** The events around some of a trace, while its records go by, in bounded memory. */
export class Excerpts {
  readonly #window: RecordWindow;
  /** Connections by the sequence number that is wanted. */
  readonly #wanted = new Map<number, number>();
  readonly #found = new Map<number, Excerpt>();

  /** @param reachBack how many of the latest records are kept, for what is only wanted later. */
  constructor(reachBack: number) {
    this.#window = new RecordWindow(reachBack + 2 * REACH_RECORDS + SLICE_RECORDS);
  }

  want(seq: number, connection: number): void {
    if (this.#wanted.size + this.#found.size < MAX_WANTED && !this.#found.has(seq)) this.#wanted.set(seq, connection);
  }

  /** Before anybody wants what is in it. */
  add(item: InspectedItem): void {
    if (item.kind === 'records') this.#window.append(item.words, item.firstSeq);
    else if (item.kind === 'gap') this.#window.append(gapRecord(item.missing), item.seq);
  }

  /** Takes out what is complete by now. @param isEnd nothing more comes. */
  settle(isEnd: boolean): void {
    for (const [seq, connection] of this.#wanted) {
      const excerpt = this.#excerpt(seq, connection, isEnd);
      if (excerpt === null) continue;
      this.#wanted.delete(seq);
      this.#found.set(seq, excerpt);
    }
  }

  /** Null: it is too far back, or was never there. */
  of(seq: number): Excerpt | null {
    return this.#found.get(seq) ?? null;
  }

  #excerpt(seq: number, connection: number, isEnd: boolean): Excerpt | null {
    const window = this.#window;
    const index = window.indexOf(seq);
    if (index >= window.end || window.seq(index) !== seq) return null;
    if (!isEnd && window.end - index < REACH_RECORDS) return null;
    const from = Math.max(window.start, index - REACH_RECORDS);
    const events = window
      .events(from, index + REACH_RECORDS)
      .filter((event) => event.connection === connection || event.kind === 'gap');
    const at = events.findIndex((event) => event.seq === seq && event.kind !== 'gap');
    const event = events[at];
    if (event === undefined) return null;
    return {
      before: events.slice(Math.max(0, at - CONTEXT), at),
      event,
      after: events.slice(at + 1, at + 1 + CONTEXT),
    };
  }
}
