import * as fc from 'fast-check';
import { sourceText } from '../report/source-text.ts';

/**
 * The same value, which fast-check prints as what can be pasted. No comparison sees that, and a copy of it is an ordinary value.
 */
export function printed<T extends object>(value: T, text: (value: T) => string = sourceText): T {
  return Object.defineProperty(value, fc.toStringMethod, { value: () => text(value), configurable: true });
}
