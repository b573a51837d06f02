import type { TraceEvent } from '../../src/trace/trace-event.ts';
import { eventText } from './event-text.ts';
import type { Page } from './page.ts';

export interface EventLineOptions {
  /** Whether each line says which connection; needless where there is one. */
  readonly showConnection: boolean;
  /** Whether each line says when; needless where no time is known. Default: yes. */
  readonly showTime?: boolean;
  /** The event that is to stand out, by its sequence number. */
  readonly marked?: number | undefined;
  /** Others that are pointed at, by their sequence numbers, and what is said of each. */
  readonly pointedAt?: ReadonlyMap<number, string>;
}

const DIM_KINDS: ReadonlySet<string> = new Set(['poll', 'register', 'wake', 'gap']);
/** On a narrower terminal the time is left out. */
const MIN_COLUMNS_WITH_TIME = 72;

/** One line for each event: number, time, connection, and what it says. */
export class EventLines {
  readonly #page: Page;
  readonly #options: EventLineOptions;

  constructor(page: Page, options: EventLineOptions) {
    this.#page = page;
    this.#options = options;
  }

  heading(): void {
    this.#page.line(this.#page.paint('dim', this.#row('seq', 'time', 'conn', 'event')));
  }

  event(event: TraceEvent): void {
    const { seq, tickMs, timeMs = tickMs, connection, kind } = event;
    const time = kind === 'gap' ? '' : timeText(timeMs);
    const note = this.#options.pointedAt?.get(seq);
    const isMarked = seq === this.#options.marked || note !== undefined;
    const said = note === undefined || note === '' ? '' : ` ${note}`;
    const text = isMarked ? this.#page.paint('red', `${eventText(event)}  <${said}`) : eventText(event);
    const row = this.#row(String(seq), time, kind === 'gap' ? '' : String(connection), text);
    this.#page.line(!isMarked && DIM_KINDS.has(kind) ? this.#page.paint('dim', row) : row);
  }

  #row(seq: string, time: string, connection: string, text: string): string {
    const hasRoom = this.#page.columns === null || this.#page.columns >= MIN_COLUMNS_WITH_TIME;
    const when = hasRoom && this.#options.showTime !== false ? `${time.padStart(10)}  ` : '  ';
    const who = this.#options.showConnection ? `${connection.padStart(4)}  ` : '';
    return `${seq.padStart(9)}${when}${who}${text}`;
  }
}

/** Seconds since the trace began, to the millisecond. */
function timeText(ms: number): string {
  return `${(Math.floor(ms) / 1000).toFixed(3)} s`;
}
