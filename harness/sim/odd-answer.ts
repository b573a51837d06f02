import type { ExtendedValue } from '../../src/trace/extension.ts';

/** What a stream has returned in the place of a count, out of what a trace keeps of it. */
export function oddAnswer({ type, value }: ExtendedValue): unknown {
  switch (type) {
    case 'number':
      return Number(value);
    case 'string':
      return String(value);
    case 'boolean':
      return value === 'true';
    case 'bigint':
      return /^-?\d+$/.test(String(value)) ? BigInt(value) : 0n;
    case 'undefined':
      return undefined;
    case 'null':
      return null;
    case 'object':
      return {};
  }
}
