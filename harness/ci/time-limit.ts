import { systemClock, type Clock } from '../../src/poll/clock.ts';

/** A timer of Node takes no more. */
const MAX_TIMER_MS = 0x7fffffff;

export interface TimeLimitOptions {
  readonly clock?: Clock;
  /** Ends it before its time. */
  readonly stop?: AbortSignal | undefined;
}

/** How long something may take, from now on. */
export class TimeLimit {
  readonly ms: number;
  readonly #clock: Clock;
  readonly #stop: AbortSignal | undefined;
  readonly #endMs: number;

  /** @param ms Infinity: as long as it likes. */
  constructor(ms: number, { clock = systemClock, stop }: TimeLimitOptions = {}) {
    this.ms = ms;
    this.#clock = clock;
    this.#stop = stop;
    this.#endMs = clock.nowMs() + ms;
  }

  isOver(): boolean {
    return this.#stop?.aborted === true || this.leftMs() === 0;
  }

  leftMs(): number {
    return this.ms === Infinity ? Infinity : Math.max(0, this.#endMs - this.#clock.nowMs());
  }

  /** So long for a part of it, from now on, but no longer than what is left. */
  within(ms: number): TimeLimit {
    return new TimeLimit(Math.min(ms, this.leftMs()), { clock: this.#clock, stop: this.#stop });
  }

  /** Fires when it is over; whoever asked for it gives it back, so that no timer is left. */
  signal(): { readonly signal: AbortSignal; readonly release: () => void } {
    const end = new AbortController();
    const signal = this.#stop === undefined ? end.signal : AbortSignal.any([end.signal, this.#stop]);
    if (this.ms === Infinity) return { signal, release: () => undefined };
    const release = this.#clock.after(Math.min(MAX_TIMER_MS, this.leftMs()), () => {
      end.abort();
    });
    return { signal, release };
  }
}
