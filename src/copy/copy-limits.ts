/** Bounds on what a faithful loop may do within one poll. Without them it spins for real, as the release would. */
export interface CopyLimits {
  /**
   * After so many iterations in a row that did no I/O and changed nothing, the copy fails with SPINNING. One is proof
   * enough: nothing is left that could end the loop. 0, the default: never.
   */
  readonly idleIterations?: number;
  /** After so many iterations in one poll, the copy fails with ITERATION_LIMIT. 0, the default: never. */
  readonly iterationsPerPoll?: number;
}
