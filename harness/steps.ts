import { setImmediate } from 'node:timers/promises';
import { systemClock } from '../src/poll/clock.ts';

/** A computation that stops now and then, so that something else can be done; what it returns is its result. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Who listens for a signal, or watches over the event loop, is let in so often. */
const TURN_EVERY_MS = 50;

/** The result, with nothing done in between. */
export function lastOf<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** Lets the event loop go round every now and then in what computes for long. */
export class Turns {
  #turnMs = systemClock.nowMs();

  /** The result; between its steps the event loop goes round where it is due. */
  async lastOf<T>(steps: Steps<T>): Promise<T> {
    for (;;) {
      const { done, value } = steps.next();
      if (done === true) return value;
      if (this.#isDue()) await this.#turn();
    }
  }

  /** Lets the event loop go round, if it has not for long. */
  async turn(): Promise<void> {
    if (this.#isDue()) await this.#turn();
  }

  #isDue(): boolean {
    return systemClock.nowMs() - this.#turnMs >= TURN_EVERY_MS;
  }

  async #turn(): Promise<void> {
    await setImmediate();
    this.#turnMs = systemClock.nowMs();
  }
}
