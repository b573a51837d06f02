import type { ConnectionNote } from '../trace/trace-note.ts';
import type { Ending } from './detector.ts';
import { oldestBeyond } from './oldest-beyond.ts';

/** So long after it has closed, by the ticks of the records, no record of it is expected any more. */
const LAST_WORDS_MS = 1000;
/** Connections that have closed and are waited for: beyond this the oldest are over. */
const MAX_CLOSED = 16_384;
/** More than these are not remembered at once; the oldest are forgotten. */
const MAX_NOTES = 65_536;

/**
 * What a trace says of its connections by name. A note may stand well before the records that it is about: it goes its own
 * way to the file, and a trace that is written only once something is stuck begins with all notes. So a connection is over
 * when the records have come past the time at which it closed, not where its note stands.
 */
export class ConnectionNotes {
  readonly #notes = new Map<number, ConnectionNote>();
  /** When each has closed; in the order of their notes. */
  readonly #closed = new Map<number, number>();
  readonly #settled = new Set<number>();

  /** @param nowMs the tick of the latest record: where a note does not say when it closed. */
  add(note: ConnectionNote, nowMs: number): void {
    const { connection } = note;
    // A number that is used again, as another program may.
    if (note.end === undefined) this.#settled.delete(connection);
    else if (this.#settled.has(connection)) return;
    this.#notes.set(connection, { ...this.#notes.get(connection), ...note });
    for (const oldest of oldestBeyond(this.#notes, MAX_NOTES)) this.#notes.delete(oldest);
    if (note.end === undefined) return;
    this.#closed.set(connection, note.closedMs ?? nowMs);
    // Nothing but notes comes, and so nothing is over.
    for (const oldest of oldestBeyond(this.#closed, MAX_NOTES)) this.#closed.delete(oldest);
  }

  of(connection: number): ConnectionNote | null {
    return this.#notes.get(connection) ?? null;
  }

  /** How it ended, if that was said. */
  endingOf(connection: number): Ending | null {
    const end = this.#notes.get(connection)?.end;
    const atMs = this.#closed.get(connection);
    if (end === undefined || atMs === undefined) return null;
    return { outcome: end === 'completed' ? 'completed' : 'failed', atMs, code: end };
  }

  /** Those that are over now that the records have come to this tick. */
  *over(tickMs: number): Generator<number> {
    for (const [connection, closedMs] of this.#closed) {
      if (tickMs <= closedMs + LAST_WORDS_MS && this.#closed.size <= MAX_CLOSED) return;
      yield connection;
    }
  }

  isSettled(connection: number): boolean {
    return this.#settled.has(connection);
  }

  /** It has been dealt with: what still comes of it belongs to nothing. */
  settle(connection: number): void {
    this.#notes.delete(connection);
    this.#closed.delete(connection);
    this.#settled.add(connection);
    for (const oldest of oldestBeyond(this.#settled, MAX_NOTES)) this.#settled.delete(oldest);
  }
}
