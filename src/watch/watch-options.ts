import { RelayscopeError } from '../errors.ts';

/** How patient a watchdog is. */
export interface WatchLimits {
  /** So long without a sign of life, or without a byte where polls go round, is stuck. 50 to 3,600,000. Default: 250. */
  readonly limitMs?: number;
  /** So long in one function outside any copy is no work any more. At least `limitMs`. Default: 2000, or `limitMs`. */
  readonly busyLimitMs?: number;
}

const DEFAULT_LIMIT_MS = 250;
const DEFAULT_BUSY_LIMIT_MS = 2000;
const LEAST_LIMIT_MS = 50;
const MOST_LIMIT_MS = 3_600_000;

/** Throws WATCH_OPTION_INVALID. */
export function checkLimits({ limitMs = DEFAULT_LIMIT_MS, busyLimitMs }: WatchLimits): Required<WatchLimits> {
  check('limitMs', limitMs, LEAST_LIMIT_MS);
  const busy = busyLimitMs ?? Math.max(DEFAULT_BUSY_LIMIT_MS, limitMs);
  check('busyLimitMs', busy, limitMs);
  return { limitMs, busyLimitMs: busy };
}

function check(name: string, value: number, least: number): void {
  if (Number.isFinite(value) && value >= least && value <= MOST_LIMIT_MS) return;
  throw new RelayscopeError(
    'WATCH_OPTION_INVALID',
    `Wrong option ${name} of a watchdog: expected milliseconds, ${least} to ${MOST_LIMIT_MS}, got ${value}`,
  );
}
