/** Thrown out of a poll that would go on too long; the run then ends at that limit. The message names it. */
export class RunLimitError extends Error {
  override readonly name = 'RunLimitError';
}
