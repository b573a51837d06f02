import { RelayscopeError } from '../errors.ts';
import type { Clock } from '../poll/clock.ts';
import type { BidirectionalCopy } from './bidirectional-copy.ts';
import { CopyError } from './copy-error.ts';
import { describe } from './copy-failures.ts';

/** The longest delay that a timer of Node's takes; a longer one would fire at once. */
const MAX_TIMEOUT_MS = 0x7fffffff;

/** Bounds how long nothing may move once one direction has read its end. */
export class HalfCloseTimer {
  readonly #copy: BidirectionalCopy;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  readonly #fail: (error: CopyError) => void;
  #cancel: (() => void) | null = null;
  #bytesAtStart = 0;

  constructor(copy: BidirectionalCopy, timeoutMs: number, clock: Clock, fail: (error: CopyError) => void) {
    if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > MAX_TIMEOUT_MS) {
      throw new RelayscopeError(
        'TIMEOUT_INVALID',
        `Wrong halfCloseTimeoutMs: expected milliseconds, 1 to ${MAX_TIMEOUT_MS}, got ${describe(timeoutMs)}`,
      );
    }
    this.#copy = copy;
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
    this.#fail = fail;
  }

  /** To be called after each poll: starts the wait once one direction has read its end. */
  update(): void {
    const { aToB, bToA } = this.#copy.states;
    if (this.#cancel === null && (aToB.kind !== 'running' || bToA.kind !== 'running')) this.#wait();
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
      const { aToB, bToA } = this.#copy.states;
      const direction = aToB.kind === 'done' || bToA.kind === 'shutting-down' ? 'b -> a' : 'a -> b';
      const error = new CopyError(
        'HALF_CLOSE_TIMEOUT',
        `Half-closed for too long: a -> b is ${aToB.kind}, b -> a is ${bToA.kind}, and nothing moved for ${this.#timeoutMs} ms`,
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
