/** Part `index` of `count`, from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** Nobody has more machines for one suite, and each document is weighed against each shard. */
export const MAX_SHARDS = 1000;

/** `2/4`; null for what is no part: `0/4`, `5/4`, `2`. */
export function parseShard(text: string): Shard | null {
  const found = /^(\d{1,4})\/(\d{1,4})$/.exec(text);
  const [index, count] = [Number(found?.[1]), Number(found?.[2])];
  return index >= 1 && index <= count && count <= MAX_SHARDS ? { index, count } : null;
}

export function shardText({ index, count }: Shard): string {
  return `${index}/${count}`;
}

/** What is to be shared out: what it weighs, and a key that is the same on every machine and that no other has. */
export interface Weighed<T> {
  readonly item: T;
  readonly weight: number;
  readonly key: string;
}

/**
 * The items of one shard, in the order in which they were given. Each item is in exactly one shard, whichever order they come in:
 * the heaviest first, each goes where there is least so far, so no shard has more than the fair share and one item above it.
 */
export function shareOut<T>(items: readonly Weighed<T>[], { index, count }: Shard): T[] {
  const sorted = [...items].sort((x, y) => y.weight - x.weight || (x.key < y.key ? -1 : x.key > y.key ? 1 : 0));
  const loads = new Float64Array(count);
  const mine = new Set<Weighed<T>>();
  for (const one of sorted) {
    let least = 0;
    for (let shard = 1; shard < count; shard += 1) if (Number(loads[shard]) < Number(loads[least])) least = shard;
    // What weighs nothing is shared out, too.
    loads[least] = Number(loads[least]) + Math.max(1, one.weight);
    if (least === index - 1) mine.add(one);
  }
  return items.filter((one) => mine.has(one)).map(({ item }) => item);
}

/** Numbers of runs, `from` … `from + runs` − 1. */
export interface Slice {
  readonly from: number;
  readonly runs: number;
}

/** A shard's slice of the numbers, next to those of its neighbours; none where there are more shards than numbers. */
export function sliceOf({ from, runs }: Slice, { index, count }: Shard): Slice {
  const [begin, end] = [Math.floor((runs * (index - 1)) / count), Math.floor((runs * index) / count)];
  return { from: from + begin, runs: end - begin };
}
