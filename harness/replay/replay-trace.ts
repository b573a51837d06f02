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
