import { nearestName } from '../../nearest-name.ts';
import { shown } from '../judged/judge.ts';
import { MatcherError } from '../judged/matcher-error.ts';

const DIRECTIONS = ['a -> b', 'b -> a'] as const;

/** Throws MATCHER_ARGUMENT_INVALID for what TypeScript would have refused, with the name that was most likely meant. */
export function checkName(what: string, value: unknown, names: readonly string[]): void {
  if (typeof value === 'string' && names.includes(value)) return;
  const near = typeof value === 'string' ? nearestName(value, names) : null;
  const expected = near === null ? oneOf(names) : `${JSON.stringify(near)}, or another of ${names.length} names`;
  throw new MatcherError('MATCHER_ARGUMENT_INVALID', `Wrong ${what}`, expected, shown(value));
}

export function checkDirection(matcher: string, direction: unknown): void {
  if (direction !== undefined) checkName(`direction of ${matcher}`, direction, DIRECTIONS);
}

/** An object with no other keys than these, so that a slip of the pen is no test that passes. */
export function checkOptions(matcher: string, options: unknown, keys: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new MatcherError(
      'MATCHER_ARGUMENT_INVALID',
      `Wrong argument of ${matcher}`,
      `{ ${keys.join(', ')} }`,
      shown(options),
    );
  for (const key of Object.keys(options)) checkName(`option of ${matcher}`, key, keys);
}

const FEW = 8;

function oneOf(names: readonly string[]): string {
  if (names.length > FEW) return `one of ${names.length} names, such as ${JSON.stringify(names[0])}`;
  return names.map((name) => JSON.stringify(name)).join(', ');
}
