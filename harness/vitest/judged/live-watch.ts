import { CopyProgress } from '../../../src/watch/copy-progress.ts';
import { CopyWatch } from '../../../src/watch/copy-watch.ts';
import { isStuck } from '../../../src/watch/is-stuck.ts';
import { RingTail } from '../../../src/watch/ring-tail.ts';
import { spanOf } from '../../../src/watch/connection-progress.ts';
import type { Verdict } from '../../../src/trace/trace-note.ts';

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
  /** Since when nothing but a loop has gone round, and how often it had by then. */
  #loopSinceMs: number | null = null;
  #roundsBefore = 0;

  constructor(buffer: SharedArrayBuffer, limitMs: number, only: number | null) {
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

  /** Connections that are under way. */
  get open(): number {
    return this.#progress.connections.size;
  }

  /** @param nowMs since the watch began. @returns whether anything has been recorded since the last look. */
  look(nowMs: number): boolean {
    const lateMs = nowMs - this.#lookedMs - LATE_MS;
    if (lateMs > 0) {
      this.#changedMs += lateMs;
      this.#watch.rearm(nowMs);
    }
    this.#lookedMs = nowMs;
    this.#progress.nowMs = nowMs;
    const before = { written: this.#tail.written, repeats: this.#tail.repeats };
    const isNew = this.#tail.read();
    if (isNew) this.#changedMs = nowMs;
    this.#loop(nowMs, isNew && this.#tail.repeats !== before.repeats && this.#tail.written === before.written);
    for (const verdict of this.#watch.look(nowMs)) this.#take(verdict);
    return isNew;
  }

  /** A connection is over, by who knows. */
  ended(connection: number): void {
    this.#progress.ended(connection);
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
