import { resolveDialect } from '../../../src/copy/dialect.ts';
import type { RunFilter } from '../../scenario/runs-of.ts';

/** Which runs of documents are tests. What is left out is not limited. */
export interface DocumentOptions {
  /** Only in these, of the dialects that a document names. */
  readonly dialects?: readonly string[];
  /** Only with reads of at most so many bytes; `own`: only as the document says, which takes a hundredth of the time. */
  readonly chunks?: number | 'own';
  /** Only with a and b swapped, or only as it stands. */
  readonly swapped?: boolean;
  /** Of each test. Default: 60 s, and for a live document its own limits. */
  readonly timeoutMs?: number;
}

/** Throws DIALECT_UNKNOWN: a name that no document can have would leave everything out. */
export function checkOptions({ dialects = [] }: DocumentOptions): void {
  for (const name of dialects) resolveDialect(name);
}

export function filterOf(dialect: string, { chunks, swapped }: DocumentOptions): RunFilter {
  return { dialect, chunkBytes: chunks, swapped };
}
