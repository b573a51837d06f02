import type { TimeLineEntry, TimeLineKind } from './time-line-entry.ts';

/** Silence for that long is told. */
export const MIN_PAUSE_MS = 200;
/** What comes further apart than that is told one by one. */
const MAX_RUN_GAP_MS = 50;

/** What happened, as far as an entry of its own says it. */
export type TimeLineEvent = Omit<TimeLineEntry, 'untilMs' | 'count'>;

export interface TimeLineOptions {
  /** Whether messages of the same kind, one right after another, are one entry. Pieces of plain data always are. */
  readonly joinsMessages: boolean;
  /** Gets every entry once it is complete, in their order. */
  readonly onEntry: (entry: TimeLineEntry) => void;
}

/** Makes a time line out of the events of one conversation: runs become one entry, and silence is told. */
export class TimeLine {
  readonly #options: TimeLineOptions;
  /** What may still turn out to be something closer. */
  #latest: TimeLineEvent | null = null;
  /** What the latest may become a part of. */
  #run: TimeLineEntry | null = null;

  constructor(options: TimeLineOptions) {
    this.#options = options;
  }

  add(event: TimeLineEvent): void {
    this.#settle();
    this.#latest = event;
  }

  /** The event before is this, seen closer: a message of the tunnel is one of a WebSocket first. */
  refine(event: Pick<TimeLineEvent, 'direction' | 'offset' | 'what' | 'bytes' | 'begins'>): void {
    const latest = this.#latest;
    if (latest?.kind !== 'message' || latest.direction !== event.direction) return;
    if (latest.offset === event.offset) this.#latest = { ...latest, ...event };
  }

  /** The conversation is over, or the capture, at `endMs`; null: nobody knows when. */
  end(endMs: number | null): void {
    this.#settle();
    const last = this.#run;
    this.#flush();
    if (last !== null && endMs !== null) this.#pause(last.untilMs, endMs);
  }

  #settle(): void {
    const event = this.#latest;
    const run = this.#run;
    this.#latest = null;
    if (event === null) return;
    if (run !== null && this.#joins(run, event)) {
      this.#run = { ...run, untilMs: event.atMs, count: run.count + 1, bytes: run.bytes + event.bytes };
      return;
    }
    this.#flush();
    if (run !== null) this.#pause(run.untilMs, event.atMs);
    this.#run = { ...event, untilMs: event.atMs, count: 1 };
  }

  #flush(): void {
    if (this.#run !== null) this.#options.onEntry(this.#run);
    this.#run = null;
  }

  #joins(last: TimeLineEntry, event: TimeLineEvent): boolean {
    if (last.kind !== event.kind || last.direction !== event.direction || last.what !== event.what) return false;
    if (event.atMs - last.untilMs > MAX_RUN_GAP_MS || event.begins !== null || last.begins !== null) return false;
    return isRun(event.kind) || (this.#options.joinsMessages && event.kind === 'message');
  }

  #pause(fromMs: number, untilMs: number): void {
    if (untilMs - fromMs < MIN_PAUSE_MS) return;
    this.#options.onEntry({
      kind: 'pause',
      direction: null,
      atMs: fromMs,
      untilMs,
      offset: 0,
      packet: 0,
      what: 'pause',
      count: 1,
      bytes: 0,
      begins: null,
    });
  }
}

function isRun(kind: TimeLineKind): boolean {
  return kind === 'data' || kind === 'gap';
}
