import type { DatabaseSync } from 'node:sqlite';
import { UsageError } from '../cli/usage-error.ts';
import type { Io } from '../io.ts';
import { eventBatches } from './event-batches.ts';
import type { EventFilter } from './event-filter.ts';
import { thousands } from './format-number.ts';
import { inspectedItems } from './inspected-item.ts';
import { NoteCollector } from './note-collector.ts';
import type { TraceInput } from './open-input.ts';
import { Page } from './page.ts';
import { Progress } from './progress.ts';
import { openTemporaryDatabase } from './sqlite.ts';
import { textTable, type Cell } from './text-table.ts';
import { jsonLine } from './trace-json.ts';
import { MAX_QUERIED_EVENTS, TraceTables } from './trace-tables.ts';

export interface QueryOptions {
  readonly sql: string;
  /** Which events are loaded. */
  readonly filter: EventFilter;
  /** Rows of the result; null: all that MAX_ROWS allows. */
  readonly limit: number | null;
  readonly json: boolean;
}

/** A longer result is for a program that reads the NDJSON. */
const MAX_ROWS = 100_000;

/** Asks a trace with SQL, of which `checkStatement` thinks well, and prints the rows. Throws SQL_UNAVAILABLE, and a UsageError for what SQLite does not take. */
export async function queryTrace(input: TraceInput, options: QueryOptions, io: Io): Promise<void> {
  const database = await openTemporaryDatabase();
  try {
    const isCut = await load(input, options.filter, new TraceTables(database), io);
    if (io.signal.aborted) return;
    if (isCut) {
      io.stderr.write(
        `note: only the first ${thousands(MAX_QUERIED_EVENTS)} events were loaded: narrow them with --connection, --direction or --kind\n`,
      );
    }
    // SQLite does not look at our signal while it thinks.
    io.releaseSignals?.();
    print(ask(database, options.sql, options.limit ?? MAX_ROWS), options.json, io);
  } finally {
    database.close();
  }
}

/** Whether there were more events than are loaded. */
async function load(input: TraceInput, filter: EventFilter, tables: TraceTables, io: Io): Promise<boolean> {
  const notes = new NoteCollector();
  const progress = new Progress(io.stderr, 'events loaded', 250_000);
  let isCut = false;
  for await (const events of eventBatches(notes.through(inspectedItems(input.items, io.signal)), filter)) {
    for (const event of events) {
      if (tables.rows === MAX_QUERIED_EVENTS) {
        isCut = true;
        break;
      }
      tables.addEvent(notes.texts.told(event));
    }
    if (isCut) break;
    progress.at(tables.rows);
  }
  progress.clear();
  tables.finish(notes.names.values(), notes.verdicts.kept);
  return isCut;
}

interface Answer {
  readonly columns: string[];
  readonly rows: Cell[][];
  /** Whether there were more rows. */
  readonly cut: boolean;
}

function ask(database: DatabaseSync, sql: string, limit: number): Answer {
  try {
    const statement = database.prepare(sql);
    statement.setReadBigInts(true);
    // Two columns may have one name.
    statement.setReturnArrays(true);
    const columns = statement.columns().map(({ name }) => name);
    const rows: Cell[][] = [];
    for (const row of statement.iterate()) {
      if (rows.length === limit) return { columns, rows, cut: true };
      rows.push(Array.from(row as unknown as readonly unknown[], cellOf));
    }
    return { columns, rows, cut: false };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`Wrong --sql: ${why}`, { cause });
  }
}

/** Integers come as bigints, since a sum may be larger than a number is exact. */
function cellOf(value: unknown): Cell {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (typeof value === 'number' || typeof value === 'string' || value instanceof Uint8Array) return value;
  return null;
}

function print({ columns, rows, cut }: Answer, json: boolean, io: Io): void {
  if (json) {
    const plain = rows.map((row) => row.map((cell) => (typeof cell === 'bigint' ? String(cell) : cell)));
    io.stdout.write(jsonLine({ schema: 1, columns, rows: plain, cut }));
    return;
  }
  const page = new Page(io);
  const [heading = '', ...lines] = textTable(columns, rows, page.columns);
  page.line(page.paint('bold', heading));
  for (const line of lines) page.line(line);
  if (rows.length === 0) page.line(page.paint('dim', 'No rows.'));
  if (cut)
    page.line(page.paint('dim', `Only the first ${thousands(rows.length)} rows: --limit N, or LIMIT and OFFSET`));
  page.flush();
}
