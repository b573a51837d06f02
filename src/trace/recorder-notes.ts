import type { TraceItem } from './trace-item.ts';
import type { ConnectionNote, Payload } from './trace-note.ts';

/** What a recorder has to say beside its records. */
export type RecorderNote = Extract<TraceItem, { kind: 'connection' | 'payload' }>;

/** What the two ends of a connection are, for a person. */
export type ConnectionEnds = Pick<ConnectionNote, 'a' | 'b'>;

/** Must not throw, and has to take what it keeps at once: the bytes of a payload are its own. */
export type RecorderListener = (note: RecorderNote) => void;

/** Connections that were opened and never closed; beyond this the oldest are forgotten for those who listen later. */
const MAX_OPEN_NOTES = 4096;

/**
 * The notes of a recorder go to whoever writes the file, at once and in order: a connection's name before the first
 * record that uses it. Who begins to listen later first gets the connections that are open.
 */
export class RecorderNotes {
  readonly #listeners = new Set<RecorderListener>();
  readonly #open = new Map<number, ConnectionNote>();

  /** @returns what ends it. */
  listen(listener: RecorderListener): () => void {
    for (const note of this.#open.values()) listener({ kind: 'connection', note });
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  connection(note: ConnectionNote): void {
    const whole = { ...this.#open.get(note.connection), ...note };
    if (whole.closedMs === undefined) this.#open.set(note.connection, whole);
    else this.#open.delete(note.connection);
    const [oldest] = this.#open.keys();
    if (this.#open.size > MAX_OPEN_NOTES && oldest !== undefined) this.#open.delete(oldest);
    this.#tell({ kind: 'connection', note: whole });
  }

  payload(payload: Payload): void {
    this.#tell({ kind: 'payload', payload });
  }

  #tell(note: RecorderNote): void {
    for (const listener of this.#listeners) listener(note);
  }
}
