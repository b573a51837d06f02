import type { Waker } from '../../src/poll/context.ts';
import { Random } from './random.ts';
import { VirtualClock } from './virtual-clock.ts';

/** In which order things happen that could as well happen in another. */
export interface Schedule {
  readonly seed: number;
  /** A wake that a stream makes at once comes up to so many (whole) milliseconds later. Default: 0. */
  readonly maxDelayMs?: number;
}

/** Delivers the wakes of a run: at once and in the order in which they are made, or as the seed of a schedule says. */
export class Scheduler {
  readonly clock = new VirtualClock();
  readonly #random = new Random();
  #maxDelayMs = 0;
  #isSeeded = false;

  reset(schedule: Schedule | undefined): void {
    this.#isSeeded = schedule !== undefined;
    this.#maxDelayMs = schedule?.maxDelayMs ?? 0;
    if (schedule !== undefined) this.#random.reset(schedule.seed);
    this.clock.reset(this.#isSeeded ? this.#random : null);
  }

  wake(waker: Waker): void {
    if (this.#maxDelayMs === 0) {
      waker.wake();
      return;
    }
    this.clock.after(this.#random.below(this.#maxDelayMs + 1), () => {
      waker.wake();
    });
  }

  /** Whether the task is polled now, or only after the other timers of this moment. */
  pollsBetweenTimers(): boolean {
    return this.#isSeeded && this.#random.below(2) === 0;
  }
}
