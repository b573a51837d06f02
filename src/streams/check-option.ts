import { StreamError } from './stream-error.ts';

/** Returns `value` if it is an integer from 1 to 2^31 − 1; throws STREAM_OPTION_INVALID otherwise. */
export function positiveInteger(name: string, value: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= 0x7fffffff) return value;
  throw new StreamError(
    'STREAM_OPTION_INVALID',
    `Wrong ${name}: expected an integer from 1 to 2147483647, got: ${value}`,
  );
}
