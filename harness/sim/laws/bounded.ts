import type { RunOutcomeName } from '../../scenario/scenario.ts';

/** No loop without end: within a poll, or of polls that move nothing. To be asked at the end of a run. */
export function checkBounded(outcome: RunOutcomeName, polls: number): string | null {
  if (outcome === 'spinning') return `Poll ${polls} came round to the same state without any I/O`;
  if (outcome === 'livelocked') return `It went on without end and moved nothing, up to poll ${polls}`;
  return null;
}
