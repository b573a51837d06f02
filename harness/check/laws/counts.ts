import { isCount } from '../../../src/copy/count.ts';
import type { StreamCall } from '../breach.ts';
import { showValue } from '../show-value.ts';

/** A count is an integer in its range. */
export function checkCount(call: StreamCall, n: unknown, least: number, most: number): string | null {
  return isCount(n, least, most)
    ? null
    : `${call} returned ${showValue(n)}: expected PENDING or an integer in ${least}..${most}`;
}

/** A flush and a shutdown are done or not. */
export function checkDone(call: StreamCall, n: unknown): string | null {
  return n === 0 ? null : `${call} returned ${showValue(n)}: expected PENDING or 0`;
}

/** Nothing is thrown but for a failure beneath. */
export function checkThrown(call: StreamCall, error: unknown): string {
  return `${call} threw ${showValue(error)}, and nothing beneath had failed`;
}
