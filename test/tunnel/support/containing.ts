import { expect } from 'vitest';

/** `expect.stringContaining`, which is typed as any. */
export function containing(text: string): unknown {
  return expect.stringContaining(text);
}
