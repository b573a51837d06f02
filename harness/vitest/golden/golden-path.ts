import { isAbsolute, join, resolve, sep } from 'node:path';
import { shown } from '../judged/judge.ts';
import { MatcherError } from '../judged/matcher-error.ts';

/** Where golden traces are, from the project's root. */
export const GOLDEN_TRACES = 'traces/golden';

/**
 * Where a golden trace is: a bare name below `traces/golden`, a path from the project's root. Without an extension it is NDJSON.
 *
 * Throws MATCHER_ARGUMENT_INVALID.
 */
export function goldenPath(root: string, name: unknown): string {
  if (typeof name !== 'string' || name === '' || name.endsWith('/') || name.includes('\0')) {
    const expected = `the name of a trace below ${GOLDEN_TRACES}, or its path from the project's root`;
    throw new MatcherError('MATCHER_ARGUMENT_INVALID', 'Wrong path of toMatchTrace', expected, shown(name));
  }
  const file = /\.(?:ndjson|jsonl|trace)$/i.test(name) ? name : `${name}.ndjson`;
  if (isAbsolute(file)) return file;
  return file.includes('/') || file.includes(sep) ? resolve(root, file) : join(root, GOLDEN_TRACES, file);
}
