/** One of so many goes with the oldest. */
const SHARE = 64;

/**
 * The oldest keys of what has come to hold more than `limit`, which have to go; none of what has not. Some more than that go
 * at once: a map is walked from its beginning, over the places of all that has been deleted there, and one key at a time that
 * makes a walk of thousands of steps for each.
 */
export function oldestBeyond<K>(kept: ReadonlyMap<K, unknown> | ReadonlySet<K>, limit: number): readonly K[] {
  if (kept.size <= limit) return [];
  const oldest: K[] = [];
  const count = kept.size - limit + Math.floor(limit / SHARE);
  for (const key of kept.keys()) {
    if (oldest.length >= count) break;
    oldest.push(key);
  }
  return oldest;
}
