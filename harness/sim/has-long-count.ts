import type { BidirectionalCopy } from '../../src/copy/bidirectional-copy.ts';
import { MAX_COUNT_CHARS } from './run-limits.ts';

/** Whether a count has become too long a text. A wrong stream may have made it anything. */
export function hasLongCount({ counts }: BidirectionalCopy): boolean {
  return [counts.aToB, counts.bToA].some((count) => String(count).length > MAX_COUNT_CHARS);
}
