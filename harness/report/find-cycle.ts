/** The end of a sequence that goes round: from `start` on, every element equals the one `period` before it. */
export interface Cycle {
  readonly period: number;
  /** Index of its first element. */
  readonly start: number;
}

/** So many rounds make a cycle: twice the same may be chance. */
export const MIN_ROUNDS = 3;

/**
 * The shortest repeating cycle at the end of a sequence: of all periods up to `maxPeriod` that have held for at least
 * MIN_ROUNDS whole rounds, the one that reaches furthest back, and of those the shortest. (Two that both hold over their
 * summed length have a common divisor that holds too, so the furthest is the shortest description, not an accident of
 * the last elements.) Null if nothing goes round. Linear: the Z function of the sequence read backwards.
 */
export function findCycle(keys: Int32Array, maxPeriod: number): Cycle | null {
  const length = keys.length;
  const same = commonPrefixes(keys.toReversed());
  let best: Cycle | null = null;
  for (let period = 1; period <= Math.min(maxPeriod, length); period += 1) {
    const reach = period + (same[period] ?? 0);
    if (reach < MIN_ROUNDS * period) continue;
    if (best === null || length - reach < best.start) best = { period, start: length - reach };
  }
  return best;
}

/** The Z function: how many elements from each index on equal those from the beginning. */
function commonPrefixes(keys: Int32Array): Int32Array {
  const same = new Int32Array(keys.length);
  let from = 0;
  let to = 0;
  for (let i = 1; i < keys.length; i += 1) {
    let count = i < to ? Math.min(to - i, same[i - from] ?? 0) : 0;
    while (i + count < keys.length && keys[count] === keys[i + count]) count += 1;
    if (i + count > to) {
      from = i;
      to = i + count;
    }
    same[i] = count;
  }
  return same;
}
