import type { Context, Waker } from '../../src/poll/context.ts';
import type { CoopBudget } from '../../src/poll/coop-budget.ts';
import type { Direction, Half } from '../../src/poll/direction.ts';

/**
 * One half of one direction as the run sees it: stands between the copy's own context and whoever registers there, so
 * that it is known who waits and whether anybody could wake it. It is its own waker, as the copy's context is.
 */
export class HalfWatch implements Context, Waker {
  readonly direction: Direction;
  readonly half: Half;
  budget: CoopBudget | null = null;
  /** The latest call was Pending. */
  isWaiting = false;
  /** A waker is registered that has not been called. */
  hasWaker = false;
  /** Whether the call under way has registered one. */
  registered = false;
  /** The half has come to its end: a read of 0, a shutdown that is done. */
  isDone = false;
  /** Woken since its direction made its latest call. */
  isWoken = false;
  /** What was reported to the copy as written, as far as it was a number. */
  reported = 0;
  #context: Context | null = null;
  #waker: Waker | null = null;

  constructor(direction: Direction, half: Half) {
    this.direction = direction;
    this.half = half;
  }

  reset(): void {
    this.isWaiting = false;
    this.hasWaker = false;
    this.registered = false;
    this.isDone = false;
    // A task that has just begun is polled, and so is its reader first.
    this.isWoken = this.half === 'read';
    this.reported = 0;
    this.#waker = null;
  }

  /** A call of this half begins, under this context of the copy's. */
  begin(context: Context): void {
    this.#context = context;
    this.budget = context.budget;
    this.registered = false;
    this.isWaiting = false;
    this.isWoken = false;
  }

  register(slot = 0): Waker {
    this.registered = true;
    this.hasWaker = true;
    this.#waker = this.#context?.register(slot) ?? null;
    return this;
  }

  note(head: number, n: number, offered: number): void {
    this.#context?.note?.(head, n, offered);
  }

  wake(): void {
    this.hasWaker = false;
    this.isWoken = true;
    this.#waker?.wake();
  }
}
