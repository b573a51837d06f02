import { TOKIO_FAMILIES } from '../../src/copy/dialect-table.ts';
import { resolveDialect, type Dialect } from '../../src/copy/dialect.ts';
import { RelayscopeError } from '../../src/errors.ts';
import type { RecordedConnection } from './recorded-connection.ts';
import { replayInDialect, type DialectReplay } from './replay-in-dialect.ts';
import { traceToScenario, type TraceScenario } from './trace-to-scenario.ts';

/** What came of a recorded connection in each dialect that it was replayed in. */
export interface TraceReplay {
  readonly connection: RecordedConnection;
  readonly trace: TraceScenario;
  /** In which it was recorded; null if the trace does not say it, or says what is none. */
  readonly dialect: string | null;
  readonly replays: readonly DialectReplay[];
}

/** One release of each family, and `checked`: what `--dialect all` stands for. */
export const ALL_DIALECTS: readonly string[] = [...TOKIO_FAMILIES.map(({ since }) => `tokio-${since}`), 'checked'];

/**
 * Replays a recorded connection in these dialects. None are named: in its own; where that is not known, in all of them, which
 * shows which do as was recorded. Throws DIALECT_UNKNOWN.
 */
export function replayTrace(connection: RecordedConnection, named: readonly string[]): TraceReplay {
  const own = ownDialect(connection.about.dialect);
  const dialects = named.length > 0 ? named : own === null ? ALL_DIALECTS : [own.name];
  const trace = traceToScenario(connection, { dialect: own });
  const replays = [...new Set(dialects)].map((dialect) => replayInDialect(trace, dialect));
  return { connection, trace, dialect: own?.name ?? null, replays };
}

function ownDialect(name: string | undefined): Dialect | null {
  if (name === undefined) return null;
  try {
    return resolveDialect(name);
  } catch (error) {
    if (error instanceof RelayscopeError) return null;
    throw error;
  }
}

/** `0.2 – 1.9`: the releases that do the same; null for what is no release of tokio. */
export function familyOf(dialect: string): string | null {
  const release = /^tokio-(\d+\.\d+\.\d+|\d+\.\d+)/.exec(dialect)?.[1];
  if (release === undefined) return null;
  const at = TOKIO_FAMILIES.findLastIndex(({ since }) => compare(since, release) <= 0);
  const [since = '', next] = [TOKIO_FAMILIES[at]?.since, TOKIO_FAMILIES[at + 1]?.since];
  const minor = (text: string): string => text.split('.').slice(0, 2).join('.');
  if (next === undefined) return `${minor(since)} and later`;
  const [major = 0, before = 0] = next.split('.').map(Number);
  const last = `${major}.${before - 1}`;
  return last === minor(since) ? last : `${minor(since)} – ${last}`;
}

function compare(x: string, y: string): number {
  const [left, right] = [x, y].map((text) => text.split('.').map(Number));
  for (const at of [0, 1, 2]) {
    const difference = (left?.[at] ?? 0) - (right?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
