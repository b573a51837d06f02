import { inspect } from 'node:util';
import { printable } from '../../src/printable.ts';

/** What a stream returned or threw, on one line. */
export function showValue(value: unknown): string {
  if (value instanceof Error) return printable(`${value.name}: ${value.message}`);
  return printable(inspect(value, { depth: 0, breakLength: Infinity }));
}
