import type { JoinedDirection } from './joined-direction.ts';

/** What is sent is read no later than so, and not before, if one clock has timed both. */
const LATEST_MS = 2000;
const EARLIEST_MS = -5;

/**
 * How many milliseconds are to be added to the times of the capture (since 1970) to have those of the trace (since it began).
 * `isOneClock`: both have the time of day, and it fits. If it does not, the first bytes that were read are taken to have come just
 * then. Null: there is nothing to go by.
 */
export function clockShift(
  startedAtMs: number,
  directions: readonly JoinedDirection[],
): { readonly shiftMs: number; readonly isOneClock: boolean } | null {
  const lags: number[] = [];
  for (const { source, copy, target } of directions) {
    const [came, read] = [source?.points[0]?.atMs, copy.read.points[0]?.atMs];
    const [written, went] = [copy.taken.points[0]?.atMs, target?.points[0]?.atMs];
    if (came !== undefined && read !== undefined) lags.push(read - came);
    if (written !== undefined && went !== undefined) lags.push(written - went);
  }
  const [first] = lags;
  const isOneClock =
    startedAtMs > 0 &&
    lags.every((lag) => Math.abs(lag + startedAtMs) <= LATEST_MS) &&
    hasCause(startedAtMs, directions);
  if (isOneClock) return { shiftMs: -startedAtMs, isOneClock };
  return first === undefined ? null : { shiftMs: first, isOneClock: false };
}

/** Nothing is read before it came. */
function hasCause(startedAtMs: number, directions: readonly JoinedDirection[]): boolean {
  return directions.every(({ source, copy }) => {
    const [came, read] = [source?.points[0]?.atMs, copy.read.points[0]?.atMs];
    return came === undefined || read === undefined || startedAtMs + read - came >= EARLIEST_MS;
  });
}
