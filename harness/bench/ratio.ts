/** What the rounds of a measurement say of one thing against another: the median, and how far the rounds spread. */
export interface Ratio {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Compares within each round, then takes the median over the rounds: a busy machine slows both sides of a round alike,
 * while medians of the two sides taken apart could come from different minutes.
 */
export function ratioOf(measured: readonly number[], baseline: readonly number[]): Ratio {
  const ratios = measured.map((value, round) => value / (baseline[round] ?? Number.NaN));
  return { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) };
}

/** The middle value, or the mean of the two in the middle; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((x, y) => x - y);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** The variants in the order of a round: each goes first, second and last equally often. */
export function rotated<T>(variants: readonly T[], round: number): readonly T[] {
  const shift = round % variants.length;
  return [...variants.slice(shift), ...variants.slice(0, shift)];
}
