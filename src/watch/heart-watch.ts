import { sleep, type Clock } from '../poll/clock.ts';
import type { StackFrame, Verdict } from '../trace/trace-note.ts';
import { spanOf } from './connection-progress.ts';
import type { Evidence } from './evidence.ts';
import { examine, prepare, type Examination } from './examine.ts';
import { within } from './inspector-client.ts';
import { judge, userFrame, WORKING_CPU } from './judge.ts';
import { Pulse } from './pulse.ts';
import type { Recorded, RecordedSoFar } from './recorded.ts';
import { cpuBetween, hasWorked, isStarved, type Sample } from './sample.ts';
import { isReady, systemCall } from './thread-state.ts';
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
/** The time between two looks grows up to this. */
const MAX_LOOK_INTERVAL_MS = 60_000;
/** So many looks, so far apart, at what calls other functions in a loop. */
const SAMPLES = 3;
const SAMPLE_INTERVAL_MS = 15;
/** Of the time in which it did not turn, a thread that is taken for a loop has worked so much at least. */
const LEAST_WORKED_SHARE = 0.7;
const PREPARE_CPU = 0.5;
/** A starved thread gets so many times the limit. */
const MAX_STARVED_LIMITS = 40;

type Heart =
  | { readonly kind: 'beats'; readonly nextPingMs: number }
  | { readonly kind: 'asked'; readonly sinceMs: number; start: Sample | null; middle: Sample | null }
  | { readonly kind: 'examining'; readonly sinceMs: number }
  | Silent;

/** A verdict was given. */
interface Silent {
  readonly kind: 'silent';
  readonly sinceMs: number;
  readonly outcome: Verdict['outcome'];
  readonly frames: readonly StackFrame[] | null;
  /** When it was found not to turn, for the first time. */
  readonly worksSince: Sample;
  readonly sample: Sample;
  nextLookMs: number;
  readonly intervalMs: number;
}

/** What an examination has shown; `seen` is null if it was not over in time. */
interface Found {
  readonly sinceMs: number;
  readonly cpu: number | null;
  readonly recorded: Recorded | null;
  readonly seen: Examination | null;
  readonly isInSameFunction: boolean;
  readonly worksSince: Sample;
}

/** Watches whether the event loop of another thread turns, and finds out why if it does not. */
export class HeartWatch {
  readonly #thread: WatchedThread;
  readonly #host: HeartWatchHost;
  readonly #options: HeartWatchOptions;
  #heart: Heart = { kind: 'beats', nextPingMs: 0 };
  #pings = 0;
  #isPrepared = false;
  /** An examination is still under way after its verdict. */
  #isLate = false;

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
      if (heart.kind === 'silent') this.#recovered(nowMs - heart.sinceMs);
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
        if (nowMs >= heart.nextLookMs && !this.#isLate) this.#lookAgain(heart, nowMs);
        break;
    }
  }

  #ask(nowMs: number): void {
    this.#pings = (Atomics.load(this.#thread.pulse, Pulse.HEART) + 1) | 0;
    // Most answers are there at the next look: only what is not answered is worth a sample.
    this.#heart = { kind: 'asked', sinceMs: nowMs, start: null, middle: null };
    this.#thread.ping();
  }

  #wait(heart: Extract<Heart, { kind: 'asked' }>, nowMs: number): void {
    const silentMs = nowMs - heart.sinceMs;
    const start = (heart.start ??= this.#sample(nowMs));
    // What it does from here on is what it is stuck in.
    if (silentMs >= this.#options.limitMs / 4) heart.middle ??= this.#sample(nowMs);
    // Not before it has been seen to go round: meanwhile it does not.
    if (silentMs >= this.#options.limitMs / 2) this.#prepare(start, nowMs);
    if (silentMs < this.#options.limitMs) return;
    const now = this.#sample(nowMs);
    const mayBeStarved = silentMs < this.#options.limitMs * MAX_STARVED_LIMITS;
    const middle = heart.middle ?? start;
    // Asked anew because it was starved: let it have a moment before it is looked at again.
    if (this.#isLate || nowMs - start.atMs < this.#options.limitMs / 4) return;
    if (mayBeStarved && isStarved({ start, middle, end: now }, this.#tid)) return;
    this.#heart = { kind: 'examining', sinceMs: heart.sinceMs };
    void this.#examine(heart.sinceMs, middle, null);
  }

  /** Only one that works: a thread that waits for a processor, and would answer, must not be kept from that by us. */
  #prepare(start: Sample, nowMs: number): void {
    if (this.#isPrepared || (cpuBetween(start, this.#sample(nowMs)) ?? 1) < PREPARE_CPU) return;
    this.#isPrepared = true;
    void prepare(this.#thread, this.#options.clock);
  }

  #lookAgain(heart: Silent, nowMs: number): void {
    const now = this.#sample(nowMs);
    heart.nextLookMs = nowMs + heart.intervalMs;
    // One that stands in a system call answers when it returns: asking again and again would only queue up.
    if (heart.outcome === 'blocked' && (cpuBetween(heart.sample, now) ?? 0) < WORKING_CPU) return;
    this.#heart = { kind: 'examining', sinceMs: heart.sinceMs };
    void this.#examine(heart.sinceMs, heart.sample, heart);
  }

  /** Never rejects. */
  async #examine(sinceMs: number, start: Sample, before: Silent | null): Promise<void> {
    const { clock } = this.#options;
    const atStart = this.#sample(this.#host.observedMs());
    const cpu = cpuBetween(start, atStart);
    const soFar = this.#recordedSince(start);
    const isSpin = soFar !== null && soFar.rounds > 0 && soFar.records === 0;
    const work = examine(this.#thread, {
      clock,
      timeoutMs: PAUSE_TIMEOUT_MS,
      probesMicrotasks: !isSpin,
    });
    const patienceMs = cpu !== null && cpu < WORKING_CPU ? PATIENCE_IDLE_MS : PATIENCE_MS;
    const seen = await within(work, before === null ? patienceMs : PAUSE_TIMEOUT_MS, clock);
    const recorded = this.#recordedSince(start);
    const meanwhile = this.#recordedSince(atStart);
    const leastMs = this.#options.busyLimitMs * LEAST_WORKED_SHARE;
    const isLong = before !== null && hasWorked(before.worksSince, atStart, leastMs);
    const isInSameFunction = isLong && (await this.#isSame(before.frames, seen));
    const worksSince = before?.worksSince ?? start;
    const nowMs = this.#host.observedMs();
    const isMoving = meanwhile !== null && meanwhile.rounds + meanwhile.records > 0;
    const mayBeStarved = before === null && nowMs - sinceMs < this.#options.limitMs * MAX_STARVED_LIMITS;
    // It would run, had it a processor: no verdict can be given on what it does not do.
    if (mayBeStarved && seen?.kind !== 'paused' && !isMoving && (cpu ?? 1) < WORKING_CPU && isReady(this.#tid))
      this.#heart = { kind: 'asked', sinceMs, start: this.#sample(nowMs), middle: null };
    else this.#conclude({ sinceMs, cpu, recorded, seen, isInSameFunction, worksSince }, before);
    if (seen !== null) return;
    // The verdict could not wait; its stack may still come.
    this.#isLate = true;
    const late = await work;
    this.#isLate = false;
    const heart = this.#heart;
    if (late.kind === 'paused' && heart.kind === 'silent' && heart.sinceMs === sinceMs)
      this.#conclude(
        { sinceMs, cpu, recorded: this.#recordedSince(start), seen: late, isInSameFunction, worksSince },
        heart,
      );
  }

  /** Tells what was found out, unless that has been told, and decides when to look again. */
  #conclude(found: Found, before: Silent | null): void {
    const { sinceMs, cpu, recorded, seen, isInSameFunction, worksSince } = found;
    const nowMs = this.#host.observedMs();
    if (seen?.kind === 'held') {
      // Once it is let go it may be stuck like any other, or answer: it begins anew.
      this.#heart = { kind: 'asked', sinceMs: nowMs, start: null, middle: null };
      return;
    }
    const frames = seen?.kind === 'paused' ? seen.frames : null;
    const verdict = judge({
      silentMs: nowMs - sinceMs,
      cpu,
      frames,
      noStack: this.#whyNoStack(seen),
      runsMicrotasks: seen?.kind === 'paused' && seen.runsMicrotasks,
      recorded,
      systemCall: frames === null ? systemCall(this.#tid) : null,
      isReady: frames === null && isReady(this.#tid),
      isInSameFunction,
    });
    const isNew = before === null || before.outcome !== verdict.outcome || (before.frames === null && frames !== null);
    if (isNew) this.#host.tell(verdict, seen);
    const { outcome } = verdict;
    const intervalMs = this.#nextInterval(before?.intervalMs, nowMs - sinceMs);
    this.#silent({ sinceMs, outcome, frames: frames ?? before?.frames ?? null, worksSince, nowMs, intervalMs });
  }

  #whyNoStack(seen: Examination | null): Evidence['noStack'] {
    const isDebugged = Atomics.load(this.#thread.pulse, Pulse.DEBUGGER) === 1;
    if (isDebugged && seen?.kind !== 'paused') return 'a debugger may be attached';
    if (seen === null) return 'not in time';
    switch (seen.kind) {
      case 'paused':
      case 'held':
        return null;
      case 'not-paused':
        return 'does not pause';
      case 'unreachable':
        return 'not reachable';
    }
  }

  #nextInterval(last: number | undefined, silentMs: number): number {
    const { busyLimitMs } = this.#options;
    if (silentMs < busyLimitMs) return busyLimitMs - silentMs;
    return Math.min(MAX_LOOK_INTERVAL_MS, Math.max(busyLimitMs, 2 * (last ?? 0)));
  }

  #silent(what: {
    sinceMs: number;
    outcome: Verdict['outcome'];
    frames: readonly StackFrame[] | null;
    worksSince: Sample;
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
      await sleep(SAMPLE_INTERVAL_MS, clock);
      seen = await examine(this.#thread, { clock, timeoutMs: PAUSE_TIMEOUT_MS, probesMicrotasks: false });
    }
  }

  #recovered(silentMs: number): void {
    const message = `The event loop turns again, after it had stood still for ${spanOf(silentMs)}`;
    this.#host.tell({ outcome: 'recovered', message, silentMs: Math.round(silentMs) }, null);
  }

  get #tid(): number {
    return Atomics.load(this.#thread.pulse, Pulse.TID);
  }

  #recordedSince({ recorded }: Sample): Recorded | null {
    return recorded === null ? null : this.#host.recordedSince(recorded);
  }

  #sample(atMs: number): Sample {
    return { atMs, times: this.#thread.times(), recorded: this.#host.recorded() };
  }
}
