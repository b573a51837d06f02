/**
 * tokio's cooperative budget: a task may make so many successful operations in one poll before it has to yield.
 * 128 units per task poll, as in every release that has it.
 */
export class CoopBudget {
  static readonly UNITS_PER_POLL = 128;
  #units = CoopBudget.UNITS_PER_POLL;

  get units(): number {
    return this.#units;
  }

  refill(): void {
    this.#units = CoopBudget.UNITS_PER_POLL;
  }

  /** Takes one unit; false when none is left, and the caller then wakes itself and returns Pending. */
  take(): boolean {
    if (this.#units === 0) return false;
    this.#units -= 1;
    return true;
  }

  /** Returns a unit whose holder turned out to make no progress. */
  giveBack(): void {
    this.#units += 1;
  }
}
