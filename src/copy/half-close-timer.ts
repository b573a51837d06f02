import type { Clock } from '../poll/clock.ts';
import type { BidirectionalCopy } from './bidirectional-copy.ts';
import { CopyError } from './copy-error.ts';

/** Bounds how long the second direction may move nothing once the first is done. */
export class HalfCloseTimer {
  readonly #copy: BidirectionalCopy;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  readonly #fail: (error: CopyError) => void;
  #cancel: (() => void) | null = null;
  #bytesAtStart = 0;

  constructor(copy: BidirectionalCopy, timeoutMs: number, clock: Clock, fail: (error: CopyError) => void) {
    this.#copy = copy;
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
    this.#fail = fail;
  }

  /** To be called after each poll: starts the wait once one direction is done. */
  update(): void {
    const { aToB, bToA } = this.#copy.states;
    if (this.#cancel === null && (aToB.kind === 'done' || bToA.kind === 'done')) this.#wait();
  }

  stop(): void {
    this.#cancel?.();
  }

  #wait(): void {
    this.#bytesAtStart = this.#bytes();
    this.#cancel = this.#clock.after(this.#timeoutMs, () => {
      if (this.#bytes() !== this.#bytesAtStart) {
        this.#wait();
        return;
      }
      const done = this.#copy.states.aToB.kind === 'done' ? 'a -> b' : 'b -> a';
      const direction = done === 'a -> b' ? 'b -> a' : 'a -> b';
      const error = new CopyError(
        'HALF_CLOSE_TIMEOUT',
        `Half-closed for too long: ${done} is done, and ${direction} moved nothing for ${this.#timeoutMs} ms`,
        { direction },
      );
      error.counts = this.#copy.counts;
      this.#fail(error);
    });
  }

  #bytes(): number {
    const { aToB, bToA } = this.#copy.counts;
    return aToB + bToA;
  }
}
