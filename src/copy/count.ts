/** Whether a count is what the contract allows: an integer from `least` to `most`. NaN, strings and null are not. */
export function isCount(n: unknown, least: number, most: number): boolean {
  return Number.isInteger(n) && (n as number) >= least && (n as number) <= most;
}

/**
 * Where `buf.subarray(pos, cap)` begins when a wrong count has made `pos` no index: a negative one counts from the end
 * of the buffer, a fraction is cut off, NaN is 0. Never after `cap`, so that the slice is empty rather than reversed.
 */
export function sliceStart(pos: unknown, cap: number, len: number): number {
  const whole = Math.trunc(Number(pos)) || 0;
  return Math.min(whole < 0 ? Math.max(0, len + whole) : whole, cap);
}
