/** Thrown out of a poll that would go on too long; the run then ends at that limit. The message names it. */
export class RunLimitError extends Error {
  override readonly name = 'RunLimitError';
  /** Whether bytes still moved. */
  readonly moved: boolean;

  constructor(message: string, moved: boolean) {
    super(message);
    this.moved = moved;
  }
}
