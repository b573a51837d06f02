import { RelayscopeError } from '../src/errors.ts';
import { nearestName } from './nearest-name.ts';

/** All the names of the options of a type: the compiler sees to it that none is missing, and none is too many. */
export type OptionNames<T extends object> = Readonly<Record<keyof T, true>>;

/**
 * Throws, with this code, for an option that nobody knows: without TypeScript one that is misspelt would be one that is not given.
 *
 * @param whose `a relay`
 */
export function checkOptionNames<T extends object>(
  code: string,
  whose: string,
  options: T,
  known: OptionNames<T>,
): void {
  const names = Object.keys(known);
  // What comes from JavaScript may be anything.
  const given: unknown = options;
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new RelayscopeError(
      code,
      `Wrong options of ${whose}: expected an object with ${names.join(', ')}, got ${shown(given)}`,
    );
  const wrong = Object.keys(given).find((name) => !Object.hasOwn(known, name));
  if (wrong === undefined) return;
  const nearest = nearestName(wrong, names);
  const meant = nearest === null ? '' : `; did you mean ${nearest}?`;
  throw new RelayscopeError(
    code,
    `Unknown option of ${whose}: expected one of ${names.join(', ')}, got ${JSON.stringify(wrong)}${meant}`,
  );
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'function' ? 'a function' : String(value);
}
