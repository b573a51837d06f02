import { spanOf } from '../../src/watch/connection-progress.ts';
import type { TapSnapshot } from './tap-status.ts';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `302 B`, `1.2 kB`, `34 MB`; kB is 1000. */
export function bytesText(bytes: number): string {
  let unit = 0;
  let value = bytes;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

/** The state of a tap on one line of at most `columns` characters: totals, then who is held up, or quiet, longest. */
export function statusLine({ open, ended, aToB, bToA, quiet }: TapSnapshot, columns: number): string {
  const totals = `${open} open, ${ended} ended | a -> b ${bytesText(aToB)} | b -> a ${bytesText(bToA)}`;
  const [first] = quiet;
  const more = quiet.length > 1 ? ` (and ${quiet.length - 1} more)` : '';
  // For how long is said already.
  const waits = first?.waits.map((wait) => wait.replace(/, since [\d.]+ \w+/, '')).join('; ');
  const line =
    first === undefined
      ? totals
      : `${totals} | #${first.connection} ${first.isHeldUp ? 'held up' : 'quiet'} for ${spanOf(first.quietMs)}${more}: ${waits}`;
  return line.length <= columns ? line : `${line.slice(0, Math.max(0, columns - 3))}...`;
}
