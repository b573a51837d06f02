import { TOKIO_FAMILIES } from '../../src/copy/dialect-table.ts';

/** Whether two names stand for the same behaviour: releases of one family, either both of a debug build or neither. */
export function isSameFamily(x: string, y: string | null): boolean {
  if (y === null || x === y) return x === y;
  const family = familyOf(x);
  return family !== null && family === familyOf(y) && x.endsWith('-debug') === y.endsWith('-debug');
}

/** `0.2 – 1.9`: the releases that do the same; null for what is no release of tokio. */
export function familyOf(dialect: string): string | null {
  const release = /^tokio-(\d+\.\d+\.\d+|\d+\.\d+)/.exec(dialect)?.[1];
  if (release === undefined) return null;
  const at = TOKIO_FAMILIES.findLastIndex(({ since }) => compare(since, release) <= 0);
  const [since = '', next] = [TOKIO_FAMILIES[at]?.since, TOKIO_FAMILIES[at + 1]?.since];
  const minor = (text: string): string => text.split('.').slice(0, 2).join('.');
  if (next === undefined) return `${minor(since)} and later`;
  const [major = 0, before = 0] = next.split('.').map(Number);
  const last = `${major}.${before - 1}`;
  return last === minor(since) ? last : `${minor(since)} – ${last}`;
}

function compare(x: string, y: string): number {
  const [left, right] = [x, y].map((text) => text.split('.').map(Number));
  for (const at of [0, 1, 2]) {
    const difference = (left?.[at] ?? 0) - (right?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
