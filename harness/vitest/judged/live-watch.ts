import { CopyProgress } from '../../../src/watch/copy-progress.ts';
import { CopyWatch } from '../../../src/watch/copy-watch.ts';
import { isStuck } from '../../../src/watch/is-stuck.ts';
import { RingTail } from '../../../src/watch/ring-tail.ts';
import { spanOf } from '../../../src/watch/connection-progress.ts';
import type { Verdict } from '../../../src/trace/trace-note.ts';
import type { LiveSubject } from './live-subject.ts';

/** A look that comes so late was not missed by what is watched alone: the time it was late by is held against nobody. */
const LATE_MS = 60;

/** Watches a recorder with the watchdog's judgement, from the thread of a test: it looks as often as it is asked to. */
export class LiveWatch {
  readonly #progress = new CopyProgress();
  readonly #watch: CopyWatch;
  readonly #tail: RingTail;
  readonly #limitMs: number;
  readonly #only: number | null;
  #verdict: Verdict | null = null;
  #lookedMs = 0;
  #changedMs = 0;
  /** Records up to the last look. */
  #written = 0;
  /** Since when nothing but a loop has gone round, and how often it had by then. */
  #loopSinceMs: number | null = null;
  #roundsBefore = 0;

  readonly #closed = new Set<number>();
  readonly #unlisten: () => void;

  constructor({ buffer, notes }: LiveSubject['recorder'], limitMs: number, only: number | null) {
    for (const { connection } of notes.lastClosed) this.#closed.add(connection);
    this.#unlisten = notes.listen((note) => {
      if (note.kind === 'connection' && note.note.closedMs !== undefined) this.#closed.add(note.note.connection);
    });
    this.#watch = new CopyWatch(this.#progress, limitMs);
    this.#tail = new RingTail(buffer, this.#progress);
    this.#limitMs = limitMs;
    this.#only = only;
  }

  /** What is stuck, by the latest look. */
  get verdict(): Verdict | null {
    return this.#verdict;
  }

  /** For how long nothing has been recorded. */
  get quietMs(): number {
    return this.#lookedMs - this.#changedMs;
  }

  /** @param nowMs since the watch began. */
  look(nowMs: number): void {
    const lateMs = nowMs - this.#lookedMs - LATE_MS;
    if (lateMs > 0) {
      this.#changedMs += lateMs;
      this.#watch.rearm(nowMs);
    }
    this.#lookedMs = nowMs;
    this.#progress.nowMs = nowMs;
    const [{ polls }, { repeats }, written] = [this.#progress, this.#tail, this.#written];
    const isNew = this.#tail.read();
    this.#written = this.#tail.written;
    if (isNew) this.#changedMs = nowMs;
    const isWithinPoll = isNew && this.#progress.polls === polls;
    // The halves that it has asked so far do not wait yet.
    if (isWithinPoll) this.#watch.rearm(nowMs);
    this.#loop(nowMs, isWithinPoll && this.#tail.repeats !== repeats && this.#written === written);
    // One that was aborted leaves no record of it.
    for (const connection of this.#closed) this.#progress.ended(connection);
    for (const verdict of this.#watch.look(nowMs)) this.#take(verdict);
  }

  stop(): void {
    this.#unlisten();
  }

  #take(verdict: Verdict): void {
    if (this.#only !== null && verdict.connection !== this.#only) return;
    if (isStuck(verdict)) this.#verdict = verdict;
    else if (this.#verdict?.connection === verdict.connection) this.#verdict = null;
  }

  /** A loop that goes round in another thread, and does nothing else, spins. */
  #loop(nowMs: number, isLooping: boolean): void {
    const { latest } = this.#progress;
    if (!isLooping || latest === null) {
      this.#loopSinceMs = null;
      return;
    }
    if (this.#loopSinceMs === null) {
      this.#loopSinceMs = nowMs;
      this.#roundsBefore = this.#tail.repeats;
    }
    const { connection, direction } = latest;
    const silentMs = nowMs - this.#loopSinceMs;
    if (silentMs < this.#limitMs || (this.#only !== null && connection !== this.#only)) return;
    this.#verdict = {
      outcome: 'spinning',
      message: `The loop of the copy goes round without I/O (${direction} of connection ${connection}): no call for ${spanOf(silentMs)}`,
      atMs: Math.round(nowMs),
      silentMs: Math.round(silentMs),
      loop: 'synchronous',
      where: 'copy',
      connection,
      direction,
      rounds: (this.#tail.repeats - this.#roundsBefore) >>> 0,
    };
  }
}
