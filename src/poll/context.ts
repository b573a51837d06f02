import type { CoopBudget } from './coop-budget.ts';
import type { Direction, Half } from './direction.ts';

/** Wakes the task that polled. Calling it more than once, late, or after the copy has ended is harmless. */
export interface Waker {
  wake(): void;
}

/**
 * What a poll is told about its caller. There is one context for each half of each direction, alive as long as the
 * copy, so that who registered and who woke can be accounted per half.
 */
export interface Context {
  readonly direction: Direction;
  readonly half: Half;
  /** The task's cooperative budget, where the caller runs as a tokio task would; else null. */
  readonly budget: CoopBudget | null;
  /**
   * Says that this half waits, and returns the waker to call when it is worth polling again. A poll that returns
   * PENDING without having called this has forgotten to arrange its wake: its half may never be polled again.
   *
   * @param slot which of the stream's places for a waker is used, from 1, so that a trace shows two halves that share one.
   */
  register(slot?: number): Waker;
  /**
   * Tells the trace what the copy cannot see: what this half of the stream found beneath it. Costs nothing where nobody
   * records; may be called between polls, too. Who has no use for it leaves it out.
   *
   * @param head a kind from `INNER_READ` on, with `Flag.FAILED` if a call beneath threw.
   */
  note?(head: number, n: number, offered: number): void;
}
