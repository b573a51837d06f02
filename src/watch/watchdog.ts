import { epochMs, type Clock } from '../poll/clock.ts';
import { Kind } from '../trace/event-kind.ts';
import type { TraceItem } from '../trace/trace-item.ts';
import type { Verdict } from '../trace/trace-note.ts';
import { CopyProgress, type LatestRecord } from './copy-progress.ts';
import { CopyWatch } from './copy-watch.ts';
import { askSockets, type Examination } from './examine.ts';
import { HeartWatch } from './heart-watch.ts';
import { within } from './inspector-client.ts';
import type { Recorded, RecordedSoFar } from './recorded.ts';
import { RingTail } from './ring-tail.ts';
import type { TraceSink } from './trace-sink.ts';
import type { WatchedThread } from './watched-thread.ts';

export interface WatchdogOptions {
  /** Default: 250 ms, which no loaded but healthy machine was seen to reach. */
  readonly limitMs: number;
  /** So long a thread may work outside a copy, in one function, before it counts as spinning. */
  readonly busyLimitMs: number;
  readonly clock: Clock;
  /** When the trace began, as `epochMs` has it. */
  readonly startedEpochMs: number;
  readonly onVerdict: (verdict: Verdict) => void;
}

/** How often it looks: a trace on its way to the disk lags behind by this. */
const FLUSH_INTERVAL_MS = 2.5;
const LOOK_INTERVAL_MS = 10;
const FLUSH_AGAIN_MS = 500;
/** How often the copies are gone through. */
const COPIES_INTERVAL_MS = 25;
/** A gap between two looks counts for so much at most: in the rest, this process was suspended or this thread starved. */
const MAX_GAP_MS = 40;
const SOCKETS_TIMEOUT_MS = 50;

/**
 * Watches one thread from another: whether its event loop turns, and whether its copies move. It must be kept alive, and
 * its own event loop turning, by whoever starts it.
 */
export class Watchdog {
  readonly progress = new CopyProgress();
  readonly #thread: WatchedThread;
  readonly #sink: TraceSink | null;
  readonly #options: WatchdogOptions;
  readonly #heart: HeartWatch;
  readonly #copies: CopyWatch;
  #tail: RingTail | null = null;
  /** The latest record, and how often a loop had gone round when it was seen first. */
  #seen: { readonly latest: LatestRecord | null; readonly polls: number; readonly repeats: number } = {
    latest: null,
    polls: 0,
    repeats: 0,
  };
  #lookedMs = 0;
  /** How long it has been looking: a clock that stands still while nobody looks, so that no silence is held against it. */
  #observedMs = 0;
  #copiesMs = 0;
  #flushedMs = 0;
  #cancel: () => void = () => undefined;

  constructor(thread: WatchedThread, sink: TraceSink | null, options: WatchdogOptions) {
    this.#thread = thread;
    this.#sink = sink;
    this.#options = options;
    this.#copies = new CopyWatch(this.progress, options.limitMs);
    const host = {
      observedMs: () => this.#observedMs,
      recorded: () => this.#recorded(),
      recordedSince: (start: RecordedSoFar) => this.#recordedSince(start),
      tell: (verdict: Omit<Verdict, 'atMs'>, seen: Examination | null) => {
        this.#tell({ ...verdict, atMs: this.#atMs() }, seen);
      },
    };
    this.#heart = new HeartWatch(thread, host, options);
  }

  /** The ring of the watched thread's recorder. Throws RING_MALFORMED. */
  follow(buffer: SharedArrayBuffer): void {
    this.#tail = new RingTail(buffer, this.progress);
  }

  /** A note of the watched program, for its trace. */
  append(item: TraceItem): void {
    // Not `#append`: there may be very many of these.
    this.#sink?.append(item);
    if (item.kind !== 'connection' || item.note.closedMs === undefined) return;
    // Its records first: those that come after would bring it back.
    this.#read();
    this.progress.ended(item.note.connection);
  }

  start(): void {
    this.#lookedMs = this.#options.clock.nowMs();
    this.#look();
  }

  /** Ends the watch; what is in the ring by now is written. */
  stop(): void {
    this.#cancel();
    this.#read();
    this.#sink?.settle();
  }

  readonly #look = (): void => {
    const nowMs = this.#options.clock.nowMs();
    this.#observedMs += Math.min(nowMs - this.#lookedMs, MAX_GAP_MS);
    this.#lookedMs = nowMs;
    const observedMs = this.#observedMs;
    const isNew = this.#read();
    // What a flush has put off, it writes later.
    if (isNew || observedMs - this.#flushedMs >= FLUSH_AGAIN_MS) {
      this.#flushedMs = observedMs;
      this.#sink?.flush();
    }
    this.#heart.look(observedMs);
    // A copy is only to blame for standing still while its event loop turns.
    if (!this.#heart.isBeating(observedMs)) this.#copies.rearm(observedMs);
    else if (observedMs - this.#copiesMs >= COPIES_INTERVAL_MS) {
      this.#copiesMs = observedMs;
      for (const verdict of this.#copies.look(observedMs)) void this.#tellOfCopy({ ...verdict, atMs: this.#atMs() });
    }
    this.#cancel = this.#options.clock.after(this.#sink === null ? LOOK_INTERVAL_MS : FLUSH_INTERVAL_MS, this.#look);
  };

  /** Takes in what the ring has got since, and sets its clock. */
  #read(): boolean {
    this.progress.nowMs = this.#observedMs;
    this.#tail?.setTick(this.#atMs());
    if (this.#tail === null) return false;
    const isNew = this.#tail.read();
    const { latest, polls } = this.progress;
    if (latest !== this.#seen.latest || polls !== this.#seen.polls)
      this.#seen = { latest, polls, repeats: this.#tail.repeats };
    return isNew;
  }

  #recorded(): RecordedSoFar | null {
    if (this.#tail === null) return null;
    const { repeats, written } = this.#tail;
    return { repeats, records: written, polls: this.progress.polls, bytes: this.progress.bytes };
  }

  #recordedSince(start: RecordedSoFar): Recorded | null {
    this.#read();
    const now = this.#recorded();
    const { latest } = this.progress;
    if (now === null || latest === null) return null;
    const { connection, direction } = latest;
    const repeats = (now.repeats - start.repeats) >>> 0;
    const latestRepeats = (now.repeats - this.#seen.repeats) >>> 0;
    // It goes round in the loop that it recorded last: what came before has led to it, and is over.
    if (latest.kind === Kind.LOOP && latestRepeats > 0)
      return { rounds: Math.min(repeats, latestRepeats), records: 0, bytes: 0, connection, direction };
    const polls = now.polls - start.polls;
    // A repeated poll is a repeat too, but not one of a loop without I/O.
    const rounds = polls > 0 ? 0 : repeats;
    return {
      rounds,
      records: ((now.records - start.records) >>> 0) + polls,
      bytes: now.bytes - start.bytes,
      connection,
      direction,
    };
  }

  /** The event loop turns: it can say itself what its sockets do. */
  async #tellOfCopy(verdict: Verdict): Promise<void> {
    if (verdict.outcome === 'recovered') {
      this.#tell(verdict, null);
      return;
    }
    const sockets = await this.#sockets().catch(() => null);
    if (sockets !== null && sockets.sockets.length > 0) this.#appendSockets(sockets.sockets, sockets.omitted);
    this.#tell(verdict, null);
  }

  async #sockets(): Promise<Awaited<ReturnType<typeof askSockets>> | null> {
    const { client, close } = await this.#thread.inspect();
    try {
      return await within(askSockets(client), SOCKETS_TIMEOUT_MS, this.#options.clock);
    } finally {
      await close();
    }
  }

  #tell(verdict: Verdict, seen: Examination | null): void {
    if (seen?.kind === 'paused') {
      const { frames, omitted, sockets, omittedSockets } = seen;
      const note = { thread: this.#thread.name, atMs: verdict.atMs, frames, ...(omitted === 0 ? {} : { omitted }) };
      this.#append({ kind: 'stack', note });
      if (sockets.length > 0) this.#appendSockets(sockets, omittedSockets);
    }
    this.#append({ kind: 'verdict', verdict });
    this.#options.onVerdict(verdict);
  }

  #appendSockets(sockets: NonNullable<Awaited<ReturnType<typeof askSockets>>>['sockets'], omitted: number): void {
    const note = { atMs: this.#atMs(), sockets, ...(omitted === 0 ? {} : { omitted }) };
    this.#append({ kind: 'sockets', note });
  }

  #append(item: TraceItem): void {
    // What led to it comes first.
    this.#read();
    this.#sink?.settle();
    this.#sink?.append(item);
  }

  #atMs(): number {
    return Math.max(0, Math.round((epochMs() - this.#options.startedEpochMs) * 1000) / 1000);
  }
}
