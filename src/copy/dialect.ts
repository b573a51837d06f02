import { RelayscopeError } from '../errors.ts';
import { CHECKED, TOKIO_FAMILIES, traitsOf, type DialectRow, type DialectTraits } from './dialect-table.ts';

/** `checked`, or a tokio release as Cargo.lock names it: `tokio-1.24.1`; `tokio-1.38.0-debug` for a debug build. */
export type DialectName = 'checked' | `tokio-${string}`;

/** How a copy behaves: a name, and the traits that the engine reads. */
export interface Dialect extends DialectTraits {
  readonly name: string;
  /** Fails where a debug build of the release would panic. */
  readonly debugAssertions: boolean;
}

const RELEASE = /^tokio-(\d{1,6})\.(\d{1,6})(?:\.(\d{1,6}))?(-debug)?$/;

/**
 * Looks up a dialect by name. Throws DIALECT_UNKNOWN for what is neither `checked` nor a tokio release that has
 * `copy_bidirectional` (0.2 or later, up to 1.x).
 */
export function resolveDialect(name: string, families: readonly DialectRow[] = TOKIO_FAMILIES): Dialect {
  if (name === 'checked') return { ...CHECKED, name, debugAssertions: false };
  const match = RELEASE.exec(name);
  const row = match === null ? undefined : newestNotAfter(families, [match[1], match[2], match[3] ?? '0'].map(Number));
  if (match === null || row === undefined || Number(match[1]) > 1) {
    throw new RelayscopeError(
      'DIALECT_UNKNOWN',
      `Unknown dialect: expected checked or a tokio release such as tokio-1.24.1 (0.2.0 to 1.x), got ${JSON.stringify(name)}`,
    );
  }
  const traits = traitsOf(families, row);
  return { ...traits, name, debugAssertions: match[4] !== undefined && traits.hasDebugAssertion };
}

function newestNotAfter(families: readonly DialectRow[], release: readonly number[]): DialectRow | undefined {
  return families.findLast((row) => compareReleases(row.since.split('.').map(Number), release) <= 0);
}

function compareReleases(x: readonly number[], y: readonly number[]): number {
  for (const [index, part] of x.entries()) {
    const difference = part - (y[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
