import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { ExtendedValue } from '../../src/trace/extension.ts';
import type { TraceEvent } from '../../src/trace/trace-event.ts';
import type { ConnectionNote, Verdict } from '../../src/trace/trace-note.ts';
import { PollTimes } from './poll-times.ts';

/** More events are not loaded: a database of them would take minutes, and gigabytes. */
export const MAX_QUERIED_EVENTS = 5_000_000;

/** The columns of the table `events`; what an event does not have is NULL. */
const EVENTS = {
  seq: 'INTEGER',
  kind: 'TEXT',
  connection: 'INTEGER',
  direction: 'TEXT',
  half: 'TEXT',
  /** ok, pending, failed, or for a count that was none: string, undefined, object, … */
  result: 'TEXT',
  n: '',
  offered: '',
  pos: '',
  cap: '',
  read_done: 'INTEGER',
  need_flush: 'INTEGER',
  state: 'TEXT',
  chunk: 'INTEGER',
  tick_ms: 'INTEGER',
  time_ms: 'REAL',
  repeat: 'INTEGER',
  last_tick_ms: 'INTEGER',
  /** fault: which. */
  text: 'TEXT',
  /** How often it stands, with the repeats of its poll: what to sum. */
  times: 'INTEGER',
} as const;

export const EVENT_COLUMNS = Object.keys(EVENTS);

/** The tables that `--sql` asks. */
export class TraceTables {
  readonly #database: DatabaseSync;
  readonly #event: StatementSync;
  readonly #times = new PollTimes();
  rows = 0;

  constructor(database: DatabaseSync) {
    this.#database = database;
    const columns = Object.entries(EVENTS).map(([name, type]) => `${name} ${type}`);
    database.exec(`
      PRAGMA journal_mode = OFF;
      PRAGMA synchronous = OFF;
      CREATE TABLE events (${columns.join(', ')});
      CREATE TABLE connections (connection INTEGER, a TEXT, b TEXT, opened_ms REAL, closed_ms REAL, "end" TEXT);
      CREATE TABLE verdicts (outcome TEXT, message TEXT, at_ms REAL);
      BEGIN;
    `);
    this.#event = database.prepare(`INSERT INTO events VALUES (${columns.map(() => '?').join(', ')})`);
  }

  addEvent(event: TraceEvent): void {
    const { n, half, direction, state, repeat, lastTickMs, timeMs, text } = event;
    this.#event.run(
      event.seq,
      event.kind,
      event.connection,
      direction ?? null,
      half ?? null,
      resultOf(n),
      n === 'pending' || n === 'failed' ? null : plain(n),
      plain(event.offered),
      plain(event.pos),
      plain(event.cap),
      flag(event.read_done),
      flag(event.need_flush),
      state ?? null,
      flag(event.chunk),
      event.tickMs,
      timeMs ?? null,
      repeat ?? null,
      lastTickMs ?? null,
      text ?? null,
      this.#times.of(event),
    );
    this.rows += 1;
  }

  /** The rest of what was read; after it nothing can be changed any more. */
  finish(names: Iterable<ConnectionNote>, verdicts: readonly Verdict[]): void {
    const connection = this.#database.prepare('INSERT INTO connections VALUES (?, ?, ?, ?, ?, ?)');
    for (const { connection: id, a, b, openedMs, closedMs, end } of names) {
      connection.run(id, a ?? null, b ?? null, openedMs ?? null, closedMs ?? null, end ?? null);
    }
    const verdict = this.#database.prepare('INSERT INTO verdicts VALUES (?, ?, ?)');
    for (const { outcome, message, atMs } of verdicts) verdict.run(outcome, message, atMs);
    this.#database.exec('COMMIT; PRAGMA query_only = ON;');
  }
}

function resultOf(n: TraceEvent['n']): string | null {
  if (n === undefined) return null;
  if (n === 'pending' || n === 'failed') return n;
  return typeof n === 'number' || n.type === 'number' ? 'ok' : n.type;
}

/** SQLite has no NaN: it is spelled out, as a string would be. */
function plain(value: number | ExtendedValue | undefined): SQLInputValue {
  if (value === undefined) return null;
  const bare = typeof value === 'number' ? value : value.value;
  return typeof bare === 'number' && !Number.isFinite(bare) ? String(bare) : bare;
}

function flag(value: boolean | undefined): SQLInputValue {
  return value === undefined ? null : value ? 1 : 0;
}
