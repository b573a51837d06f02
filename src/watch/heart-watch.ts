import type { Clock } from '../poll/clock.ts';
import type { StackFrame, Verdict } from '../trace/trace-note.ts';
import { spanOf } from './connection-progress.ts';
import { examine, prepare, type Examination } from './examine.ts';
import { within } from './inspector-client.ts';
import { judge, userFrame } from './judge.ts';
import { Pulse } from './pulse.ts';
import type { Recorded, RecordedSoFar } from './recorded.ts';
import { isReady, systemCall, type ThreadTimes } from './thread-state.ts';
import type { WatchedThread } from './watched-thread.ts';

export interface HeartWatchOptions {
  readonly limitMs: number;
  readonly busyLimitMs: number;
  readonly clock: Clock;
}

/** What the heart watch needs of whoever watches, and tells it. */
export interface HeartWatchHost {
  /** How long there has been somebody looking, in milliseconds: the clock of all silence. */
  observedMs(): number;
  /** What the recorder of the thread has counted so far; null without one. */
  recorded(): RecordedSoFar | null;
  recordedSince(start: RecordedSoFar): Recorded | null;
  /** `seen` is what the verdict rests on, as far as it is new. */
  tell(verdict: Omit<Verdict, 'atMs'>, seen: Examination | null): void;
}

/** How often a thread is asked for a sign of life. */
const PING_INTERVAL_MS = 20;
/** The verdict is due 100 ms after the limit, with or without a stack. */
const PATIENCE_MS = 70;
/** One that uses no processor, and has not let itself be prepared either, is in a system call. */
const PATIENCE_IDLE_MS = 30;
/** So long a thread that works gets to pause at a later look, which is in no hurry. */
const PAUSE_TIMEOUT_MS = 1000;
/** A thread that works and did not pause at once is looked at again so much later. */
const SECOND_LOOK_MS = 100;
/** The time between two looks grows up to this. */
const MAX_LOOK_INTERVAL_MS = 60_000;
/** So many looks, so far apart, at what calls other functions in a loop. */
const SAMPLES = 3;
const SAMPLE_INTERVAL_MS = 15;
/** A thread that got less than this of the processor, and waited for it otherwise, is starved: it gets more time. */
const STARVED_SHARE = 0.5;
const STARVED_CPU = 0.1;
const MAX_STARVED_LIMITS = 4;
const WORKING_CPU = 0.2;

interface Sample {
  readonly atMs: number;
  readonly times: ThreadTimes | null;
  readonly recorded: RecordedSoFar | null;
}

type Heart =
  | { readonly kind: 'beats'; readonly nextPingMs: number }
  | { readonly kind: 'asked'; readonly sinceMs: number; readonly start: Sample; middle: Sample | null }
  | { readonly kind: 'examining'; readonly sinceMs: number }
  /** A verdict was given, or a debugger holds the thread. */
  | {
      readonly kind: 'silent';
      readonly sinceMs: number;
      readonly outcome: Verdict['outcome'] | null;
      readonly frames: readonly StackFrame[] | null;
      readonly sample: Sample;
      nextLookMs: number;
      readonly intervalMs: number;
    };

/** Watches whether the event loop of another thread turns, and finds out why if it does not. */
export class HeartWatch {
  readonly #thread: WatchedThread;
  readonly #host: HeartWatchHost;
  readonly #options: HeartWatchOptions;
  #heart: Heart = { kind: 'beats', nextPingMs: 0 };
  #pings = 0;
  #isPrepared = false;

  constructor(thread: WatchedThread, host: HeartWatchHost, options: HeartWatchOptions) {
    this.#thread = thread;
    this.#host = host;
    this.#options = options;
  }

  /** Its event loop has turned lately, as far as we know. */
  isBeating(nowMs: number): boolean {
    return this.#heart.kind === 'beats' || (this.#heart.kind === 'asked' && nowMs - this.#heart.sinceMs < 100);
  }

  look(nowMs: number): void {
    const heart = this.#heart;
    if (heart.kind === 'examining') return;
    if (heart.kind !== 'beats' && Atomics.load(this.#thread.pulse, Pulse.HEART) === this.#pings) {
      if (heart.kind === 'silent' && heart.outcome !== null) this.#recovered(nowMs - heart.sinceMs);
      this.#heart = { kind: 'beats', nextPingMs: nowMs + PING_INTERVAL_MS };
      return;
    }
    switch (heart.kind) {
      case 'beats':
        if (nowMs >= heart.nextPingMs) this.#ask(nowMs);
        break;
      case 'asked':
        this.#wait(heart, nowMs);
        break;
      case 'silent':
        if (nowMs >= heart.nextLookMs) this.#lookAgain(heart, nowMs);
        break;
    }
  }

  #ask(nowMs: number): void {
    this.#pings = (Atomics.load(this.#thread.pulse, Pulse.HEART) + 1) | 0;
    this.#heart = { kind: 'asked', sinceMs: nowMs, start: this.#sample(nowMs), middle: null };
    this.#thread.ping();
  }

  #wait(heart: Extract<Heart, { kind: 'asked' }>, nowMs: number): void {
    const silentMs = nowMs - heart.sinceMs;
    // What it does in the latter half of the silence is what it is stuck in.
    if (silentMs >= this.#options.limitMs / 2) heart.middle ??= this.#suspect(nowMs);
    if (silentMs < this.#options.limitMs) return;
    const now = this.#sample(nowMs);
    if (
      this.#isStarved(heart.start, heart.middle ?? heart.start, now) &&
      silentMs < this.#options.limitMs * MAX_STARVED_LIMITS
    )
      return;
    this.#heart = { kind: 'examining', sinceMs: heart.sinceMs };
    void this.#examine(heart.sinceMs, heart.middle ?? heart.start, null);
  }

  #suspect(nowMs: number): Sample {
    if (!this.#isPrepared) void prepare(this.#thread, this.#options.clock);
    this.#isPrepared = true;
    return this.#sample(nowMs);
  }

  #lookAgain(heart: Extract<Heart, { kind: 'silent' }>, nowMs: number): void {
    const now = this.#sample(nowMs);
    heart.nextLookMs = nowMs + heart.intervalMs;
    // One that stands in a system call answers when it returns: asking again and again would only queue up.
    if (heart.outcome === 'blocked' && (cpuBetween(heart.sample, now) ?? 0) < WORKING_CPU) return;
    this.#heart = { kind: 'examining', sinceMs: heart.sinceMs };
    void this.#examine(heart.sinceMs, heart.sample, heart);
  }

  /** Never rejects. */
  async #examine(sinceMs: number, start: Sample, before: Extract<Heart, { kind: 'silent' }> | null): Promise<void> {
    const { clock } = this.#options;
    const atStart = this.#sample(this.#host.observedMs());
    const cpu = cpuBetween(start, atStart);
    const recorded = start.recorded === null ? null : this.#host.recordedSince(start.recorded);
    const isSpin = recorded !== null && recorded.rounds > 0 && recorded.records === 0;
    const work = examine(this.#thread, {
      clock,
      timeoutMs: PAUSE_TIMEOUT_MS,
      probesMicrotasks: !isSpin,
    });
    const patienceMs = cpu !== null && cpu < WORKING_CPU ? PATIENCE_IDLE_MS : PATIENCE_MS;
    let seen = await within(work, before === null ? patienceMs : PAUSE_TIMEOUT_MS, clock);
    const isInSameFunction = before !== null && (await this.#isSame(before.frames, seen));
    seen ??= { kind: 'not-paused' };
    const nowMs = this.#host.observedMs();
    if (seen.kind === 'held') {
      // Once it is let go it may be stuck like any other.
      this.#silent({ sinceMs, outcome: null, frames: null, nowMs, intervalMs: this.#options.limitMs });
      return;
    }
    const frames = seen.kind === 'paused' ? seen.frames : null;
    const noStack = {
      paused: null,
      'not-paused': 'does not pause',
      unreachable: this.#isDebugged() ? 'a debugger may be attached' : 'not reachable',
    } as const;
    const verdict = judge({
      silentMs: nowMs - sinceMs,
      cpu,
      frames,
      noStack: noStack[seen.kind],
      runsMicrotasks: seen.kind === 'paused' && seen.runsMicrotasks,
      recorded,
      systemCall: seen.kind === 'paused' ? null : systemCall(Atomics.load(this.#thread.pulse, Pulse.TID)),
      isReady: seen.kind !== 'paused' && isReady(Atomics.load(this.#thread.pulse, Pulse.TID)),
      isInSameFunction,
    });
    const isNew = before === null || before.outcome !== verdict.outcome || (before.frames === null && frames !== null);
    if (isNew) this.#host.tell(verdict, seen);
    this.#silent({
      sinceMs,
      outcome: verdict.outcome,
      frames: frames ?? before?.frames ?? null,
      nowMs,
      intervalMs: this.#nextInterval(before?.intervalMs, seen.kind === 'paused', verdict.outcome, nowMs - sinceMs),
    });
  }

  #nextInterval(last: number | undefined, hasStack: boolean, outcome: Verdict['outcome'], silentMs: number): number {
    const { busyLimitMs } = this.#options;
    if (last === undefined && !hasStack && outcome !== 'blocked') return SECOND_LOOK_MS;
    if (silentMs < busyLimitMs) return busyLimitMs - silentMs;
    return Math.min(MAX_LOOK_INTERVAL_MS, Math.max(busyLimitMs, 2 * (last ?? 0)));
  }

  #silent(what: {
    sinceMs: number;
    outcome: Verdict['outcome'] | null;
    frames: readonly StackFrame[] | null;
    nowMs: number;
    intervalMs: number;
  }): void {
    const { nowMs, intervalMs } = what;
    this.#heart = {
      kind: 'silent',
      ...what,
      sample: this.#sample(nowMs),
      nextLookMs: nowMs + intervalMs,
    };
  }

  /** Whether the thread is still in the function that it was in; one that calls others is looked at a few times. */
  async #isSame(before: readonly StackFrame[] | null, first: Examination | null): Promise<boolean> {
    const { clock } = this.#options;
    const was = userFrame(before);
    let seen = first;
    if (was === null) return false;
    for (let samples = 1; ; samples += 1) {
      if (seen?.kind !== 'paused') return false;
      const is = userFrame(seen.frames);
      if (is?.function === was.function && is.url === was.url) return true;
      if (samples === SAMPLES) return false;
      await new Promise<void>((resolve) => {
        clock.after(SAMPLE_INTERVAL_MS, resolve);
      });
      seen = await examine(this.#thread, { clock, timeoutMs: PAUSE_TIMEOUT_MS, probesMicrotasks: false });
    }
  }

  /**
   * Whether it would run, had it a processor: it waits for one by the kernel's own count, or is ready and has used none
   * (a virtual machine may have been robbed of the one that it is on).
   */
  #isStarved(start: Sample, middle: Sample, end: Sample): boolean {
    if (start.times === null || end.times === null) return false;
    const elapsedMs = Math.max(1, end.atMs - start.atMs);
    const waitedMs = end.times.waitedMs - start.times.waitedMs;
    if ((cpuBetween(middle, end) ?? 1) >= STARVED_CPU) return false;
    return waitedMs / elapsedMs > STARVED_SHARE || isReady(Atomics.load(this.#thread.pulse, Pulse.TID));
  }

  #recovered(silentMs: number): void {
    const message = `The event loop turns again, after it had stood still for ${spanOf(silentMs)}`;
    this.#host.tell({ outcome: 'recovered', message, silentMs: Math.round(silentMs) }, null);
  }

  #isDebugged(): boolean {
    return Atomics.load(this.#thread.pulse, Pulse.DEBUGGER) === 1;
  }

  #sample(atMs: number): Sample {
    return { atMs, times: this.#thread.times(), recorded: this.#host.recorded() };
  }
}

/** Share of a processor that the thread has used between two looks. */
function cpuBetween(start: Sample, end: Sample): number | null {
  if (start.times === null || end.times === null) return null;
  const elapsedMs = Math.max(1, end.atMs - start.atMs);
  return Math.min(1, Math.max(0, (end.times.cpuMs - start.times.cpuMs) / elapsedMs));
}
