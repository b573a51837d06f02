import { checkOptionNames, type OptionNames } from '../../check-option-names.ts';
import { resolveDialect } from '../../../src/copy/dialect.ts';
import { RelayscopeError } from '../../../src/errors.ts';
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

export const DOCUMENT_OPTIONS: OptionNames<DocumentOptions> = {
  dialects: true,
  chunks: true,
  swapped: true,
  timeoutMs: true,
};

/** Throws SCENARIO_OPTION_INVALID, DIALECT_UNKNOWN: a name that no document can have would leave everything out. */
export function checkOptions(options: DocumentOptions): void {
  checkOptionNames('SCENARIO_OPTION_INVALID', 'documents as tests', options, DOCUMENT_OPTIONS);
  checkValues(options);
}

/** The same for options whose names are known. */
export function checkValues({ dialects = [], chunks, swapped, timeoutMs }: DocumentOptions): void {
  const wrong = (name: string, expected: string, got: unknown): RelayscopeError =>
    new RelayscopeError(
      'SCENARIO_OPTION_INVALID',
      `Wrong ${name} of documents as tests: expected ${expected}, got ${JSON.stringify(got)}`,
    );
  const isList: boolean = Array.isArray(dialects);
  if (!isList) throw wrong('dialects', 'a list of dialects', dialects);
  if (chunks !== undefined && chunks !== 'own' && !(Number.isSafeInteger(chunks) && chunks > 0))
    throw wrong('chunks', `a number of bytes, or "own"`, chunks);
  if (swapped !== undefined && typeof swapped !== 'boolean') throw wrong('swapped', 'true or false', swapped);
  if (timeoutMs !== undefined && !(typeof timeoutMs === 'number' && timeoutMs >= 0))
    throw wrong('timeoutMs', 'milliseconds', timeoutMs);
  for (const name of dialects) resolveDialect(name);
}

export function filterOf(dialect: string, { chunks, swapped }: DocumentOptions): RunFilter {
  return { dialect, chunkBytes: chunks, swapped };
}
