import type { Clock } from '../../../src/poll/clock.ts';
import { Pulse } from '../../../src/watch/pulse.ts';
import { cpuBetween, hasWorked, type Sample } from '../../../src/watch/sample.ts';
import { isReady } from '../../../src/watch/thread-state.ts';
import { GuardWord } from './guard-words.ts';
import type { Look, LookOrder } from './look-order.ts';
import type { StuckPlace } from './stuck-place.ts';
import type { StuckThread } from './stuck-thread.ts';

export interface GuardWatchOptions {
  readonly folder: string;
  readonly blockedLimitMs: number | null;
  readonly githubTop: string | null;
}

const TICK_MS = 50;
/** A gap between two ticks counts for so much at most: in the rest this process was suspended, or this thread starved. */
const MAX_GAP_MS = 2 * TICK_MS;
/** What the thread has used of the processor is asked from here on. */
const SAMPLE_AFTER_MS = 100;
/** A thread that wanted a processor for less than this share of the time, and for so long, stands in a call. */
const IDLE_SHARE = 0.1;
const MIN_IDLE_MS = 100;
/** One that goes round has worked for so much of its limit: on a busy machine that takes longer. */
const LEAST_WORKED_SHARE = 0.5;
const MAX_LEAST_WORKED_MS = 10_000;
/** A starved thread gets so many times its limit. */
const MAX_STARVED_LIMITS = 4;
/** A first look is taken after this share of the limit, to see what runs: it may not be what began the silence. */
const EARLY_SHARE = 0.25;
const MIN_EARLY_MS = 250;
/** A thread that cannot be paused is in native code; so often it is taken for work that ends. */
const MAX_UNPAUSED = 3;

/** Watches whether the event loop of a guarded thread turns, and has it looked at when it has not for longer than it may. */
export class GuardWatch {
  readonly #thread: StuckThread;
  readonly #options: GuardWatchOptions;
  readonly #clock: Clock;
  #tickedMs = 0;
  /** A clock that stands still while nobody looks. */
  #observedMs = 0;
  #quietSinceMs = 0;
  #heart = 0;
  #pings = 0;
  #mark = 0;
  #nextLookMs = 0;
  #isLooking = false;
  #start: Sample | null = null;
  /** Since when it can be told what it wants of a processor. */
  #recent: Sample | null = null;
  #unpaused = 0;
  #hasToldBlocked = false;
  #hasToldDebugged = false;
  /** When each thing that runs was seen first in this silence. */
  readonly #seen = new Map<string, number>();

  constructor(thread: StuckThread, options: GuardWatchOptions, clock: Clock) {
    this.#thread = thread;
    this.#options = options;
    this.#clock = clock;
  }

  start(): void {
    this.#tickedMs = this.#clock.nowMs();
    this.#tick();
  }

  readonly #tick = (): void => {
    const nowMs = this.#clock.nowMs();
    this.#observedMs += Math.min(nowMs - this.#tickedMs, MAX_GAP_MS);
    this.#tickedMs = nowMs;
    this.#listen();
    const silentMs = this.#observedMs - this.#quietSinceMs;
    if (!this.#isLooking && this.#limitMs > 0) {
      if (silentMs >= SAMPLE_AFTER_MS && this.#start === null) {
        this.#start = this.#sample();
        this.#recent = this.#start;
      }
      if (silentMs >= this.#nextLookMs) void this.#look(silentMs);
    }
    this.#clock.after(TICK_MS, this.#tick);
  };

  /** Whether anything has come from the thread since. */
  #listen(): void {
    const { pulse } = this.#thread;
    const heart = Atomics.load(pulse, Pulse.HEART);
    const mark = Atomics.load(pulse, GuardWord.MARK);
    if (heart === this.#pings) {
      this.#pings = (heart + 1) | 0;
      this.#thread.ping();
    }
    if (heart === this.#heart && mark === this.#mark) return;
    this.#heart = heart;
    this.#mark = mark;
    this.#quietSinceMs = this.#observedMs;
    this.#start = null;
    this.#unpaused = 0;
    this.#hasToldBlocked = false;
    this.#seen.clear();
    const earlyMs = this.#limitMs * EARLY_SHARE;
    this.#nextLookMs = earlyMs < MIN_EARLY_MS ? this.#limitMs : earlyMs;
  }

  async #look(silentMs: number): Promise<void> {
    const end = this.#sample();
    const start = this.#start ?? end;
    const cpu = cpuBetween(start, end);
    const isIdle = this.#isIdle(end);
    const limitMs = this.#limitMs;
    if (isIdle === null) return;
    // What stands in a call is not looked at before its time: a look would have to wait for the call.
    if (isIdle && silentMs < limitMs) {
      this.#nextLookMs = limitMs;
      return;
    }
    const mayBeStarved = !isIdle && silentMs >= limitMs && silentMs < limitMs * MAX_STARVED_LIMITS;
    if (mayBeStarved && !hasWorked(start, end, Math.min(limitMs * LEAST_WORKED_SHARE, MAX_LEAST_WORKED_MS))) return;
    this.#isLooking = true;
    try {
      const { lookAtStuck } = await import('./look-at-stuck.ts');
      const look = await lookAtStuck(this.#thread, this.#orderOf(silentMs, cpu, isIdle));
      this.#take(look, silentMs);
    } finally {
      this.#isLooking = false;
      // While it was looked at it may have stood in the debugger.
      this.#recent = this.#sample();
    }
  }

  /** It has neither used a processor lately nor waited for one: a spinning thread does either. Null: it is too early to say. */
  #isIdle(end: Sample): boolean | null {
    const start = this.#recent ?? end;
    if (start.times === null || end.times === null) return false;
    if (end.atMs - start.atMs < MIN_IDLE_MS) return null;
    const usedMs = end.times.cpuMs - start.times.cpuMs + (end.times.waitedMs - start.times.waitedMs);
    return usedMs < (end.atMs - start.atMs) * IDLE_SHARE && !isReady(this.#tid);
  }

  #orderOf(silentMs: number, cpu: number | null, isIdle: boolean): LookOrder {
    return {
      ...this.#options,
      clock: this.#clock,
      silentMs,
      cpu,
      isIdle,
      isLast: this.#unpaused >= MAX_UNPAUSED,
      limitMs: this.#limitMs,
      hasToldBlocked: this.#hasToldBlocked,
      hasToldDebugged: this.#hasToldDebugged,
      isQuiet: () => {
        const { pulse } = this.#thread;
        return Atomics.load(pulse, Pulse.HEART) === this.#heart && Atomics.load(pulse, GuardWord.MARK) === this.#mark;
      },
      isDue: (place, what) => this.#isDue(place, what, silentMs),
    };
  }

  /** Whether what runs has had its time. */
  #isDue({ phase, titles, limitMs, isSure }: StuckPlace, what: string, silentMs: number): boolean {
    if (limitMs === null) {
      this.#nextLookMs = Number.POSITIVE_INFINITY;
      return false;
    }
    const key = JSON.stringify([phase, titles, what]);
    const seenMs = isSure ? this.#quietSinceMs : (this.#seen.get(key) ?? this.#observedMs);
    this.#seen.set(key, seenMs);
    // What has begun with the silence, or as good as, has no more than its limit.
    this.#nextLookMs = seenMs - this.#quietSinceMs + limitMs;
    return silentMs >= this.#nextLookMs;
  }

  #take(look: Look, silentMs: number): void {
    switch (look) {
      case 'ended':
        break;
      case 'waits':
        // Whoever knew the limit has said when. Where nobody does, it is looked at now and then.
        if (this.#nextLookMs <= silentMs) this.#nextLookMs = silentMs + this.#againMs;
        break;
      case 'moved':
        this.#nextLookMs = silentMs + TICK_MS;
        break;
      case 'held':
        // It begins anew once it is let go.
        this.#quietSinceMs = this.#observedMs;
        this.#start = null;
        break;
      case 'given-up':
        this.#nextLookMs = Number.POSITIVE_INFINITY;
        break;
      case 'debugged':
        this.#hasToldDebugged = true;
        this.#nextLookMs = Number.POSITIVE_INFINITY;
        break;
      case 'blocked':
        this.#hasToldBlocked = true;
        this.#nextLookMs = silentMs + Math.max(1000, this.#limitMs);
        break;
      case 'unpaused':
        this.#unpaused += 1;
        this.#nextLookMs = silentMs + this.#againMs;
        break;
    }
  }

  get #againMs(): number {
    return Math.max(MIN_EARLY_MS, this.#limitMs * EARLY_SHARE);
  }

  get #tid(): number {
    return Atomics.load(this.#thread.pulse, Pulse.TID);
  }

  get #limitMs(): number {
    return Atomics.load(this.#thread.pulse, GuardWord.LIMIT_MS);
  }

  #sample(): Sample {
    return { atMs: this.#observedMs, times: this.#thread.times(), recorded: null };
  }
}
