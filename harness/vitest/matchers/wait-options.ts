import type { MatcherState } from 'vitest';
import { shown } from '../judged/judge.ts';
import { MatcherError } from '../judged/matcher-error.ts';
import { DEFAULT_PATIENCE, type Patience } from '../judged/patience.ts';

/** For what is live: for how long it is waited for. */
export interface WaitOptions {
  /** Nothing has moved for so long: then a hang is looked for. Default: 250. */
  readonly limitMs?: number;
  /** It is judged as it stands after so long. Default: four fifths of the test's time-out. */
  readonly withinMs?: number;
}

export const WAIT_KEYS = ['limitMs', 'withinMs'] as const;

/** What is left of a test's time is for telling what came of the wait. */
const SHARE_OF_TIMEOUT = 0.8;

/** Throws MATCHER_ARGUMENT_INVALID. */
export function patienceOf(
  { task }: MatcherState,
  { limitMs = DEFAULT_PATIENCE.limitMs, withinMs }: WaitOptions,
  isEnough: Patience['isEnough'],
): Patience {
  checkMs('limitMs', limitMs);
  if (withinMs !== undefined) checkMs('withinMs', withinMs);
  const timeout = task?.timeout ?? 0;
  // No time-out is 0, or infinite.
  const share = timeout > 0 && Number.isFinite(timeout) ? timeout * SHARE_OF_TIMEOUT : DEFAULT_PATIENCE.withinMs;
  return { ...DEFAULT_PATIENCE, limitMs, withinMs: withinMs ?? share, isEnough };
}

function checkMs(name: string, value: unknown): void {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return;
  throw new MatcherError(
    'MATCHER_ARGUMENT_INVALID',
    `Wrong ${name} of a matcher`,
    'milliseconds, more than 0',
    shown(value),
  );
}
