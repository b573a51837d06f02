import { InvariantError } from '../../src/errors.ts';
import type { Clock } from '../../src/poll/clock.ts';
import type { Random } from './random.ts';

/** More than that wait only if something sets timers without end. */
export const MAX_TIMERS = 100_000;

interface Timer {
  readonly atMs: number;
  /** Between timers of one moment: drawn from the schedule's seed, or all 0. */
  readonly tie: number;
  readonly order: number;
  callback: (() => void) | null;
}

/** Time that passes only when it is told to, and then goes straight to the next timer. */
export class VirtualClock implements Clock {
  /** A binary heap, the earliest first. */
  readonly #timers: Timer[] = [];
  #nowMs = 0;
  #order = 0;
  #ties: Random | null = null;

  nowMs(): number {
    return this.#nowMs;
  }

  /** When the next timer is due; Infinity if none is set. */
  get nextMs(): number {
    this.#dropCancelled();
    return this.#timers[0]?.atMs ?? Infinity;
  }

  /** Back to 0, without timers. @param ties draws the order of timers that are due at once; null: as they were set. */
  reset(ties: Random | null = null): void {
    this.#nowMs = 0;
    this.#order = 0;
    this.#ties = ties;
    if (this.#timers.length > 0) this.#timers.length = 0;
  }

  after(delayMs: number, callback: () => void): () => void {
    if (this.#timers.length >= MAX_TIMERS) throw new InvariantError(`More than ${MAX_TIMERS} timers in a run`);
    // As Node's timers: what is no delay is none. Not so: nothing is rounded up to a millisecond.
    const atMs = this.timeAfter(delayMs);
    const timer: Timer = { atMs, tie: this.#ties?.next() ?? 0, order: this.#order, callback };
    this.#order += 1;
    this.#push(timer);
    return () => {
      timer.callback = null;
    };
  }

  /** When a timer set now would be due: to the microsecond, so that what is due at one moment is so by every reckoning. */
  timeAfter(delayMs: number): number {
    const atMs = this.#nowMs + (delayMs > 0 ? delayMs : 0);
    return Number.isInteger(atMs) ? atMs : Math.max(this.#nowMs, Math.round(atMs * 1000) / 1000);
  }

  /** Goes to the next timer and calls it; false if there is none. */
  advance(): boolean {
    this.#dropCancelled();
    const timer = this.#pop();
    if (timer === undefined) return false;
    this.#nowMs = timer.atMs;
    timer.callback?.();
    return true;
  }

  #dropCancelled(): void {
    while (this.#timers[0]?.callback === null) this.#pop();
  }

  #push(timer: Timer): void {
    const timers = this.#timers;
    let at = timers.length;
    timers.push(timer);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = timers[parent];
      if (above === undefined || !isBefore(timer, above)) break;
      timers[at] = above;
      at = parent;
    }
    timers[at] = timer;
  }

  #pop(): Timer | undefined {
    const timers = this.#timers;
    const first = timers[0];
    const last = timers.pop();
    if (first === undefined || last === undefined || timers.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      let below = timers[child];
      const right = timers[child + 1];
      if (below !== undefined && right !== undefined && isBefore(right, below)) {
        child += 1;
        below = right;
      }
      if (below === undefined || !isBefore(below, last)) break;
      timers[at] = below;
      at = child;
    }
    timers[at] = last;
    return first;
  }
}

function isBefore(x: Timer, y: Timer): boolean {
  if (x.atMs !== y.atMs) return x.atMs < y.atMs;
  return x.tie === y.tie ? x.order < y.order : x.tie < y.tie;
}
