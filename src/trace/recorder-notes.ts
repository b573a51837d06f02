import type { TraceItem } from './trace-item.ts';
import type { ConnectionNote, Payload } from './trace-note.ts';

/** What a recorder has to say beside its records. */
export type RecorderNote = Extract<TraceItem, { kind: 'connection' | 'payload' | 'string' }>;

/** What the two ends of a connection are, for a person, and how much of it is seen. */
export type ConnectionEnds = Pick<ConnectionNote, 'a' | 'b' | 'sight'>;

/** Must not throw, and has to take what it keeps at once: the bytes of a payload are its own. */
export type RecorderListener = (note: RecorderNote) => void;

/** Connections that were opened and never closed; beyond this the oldest are forgotten for those who listen later. */
const MAX_OPEN_NOTES = 4096;
/** Connections that were closed last, for who asks how they ended after the fact. */
const MAX_CLOSED_NOTES = 256;
/** Texts that events refer to, each kept once. Beyond this they have no number. */
const MAX_TEXTS = 65_536;

/**
 * The notes of a recorder go to whoever writes the file, at once and in order: a connection's name before the first
 * record that uses it. Who begins to listen later first gets the texts, and the connections that are open.
 */
export class RecorderNotes {
  readonly #listeners = new Set<RecorderListener>();
  readonly #open = new Map<number, ConnectionNote>();
  readonly #closed = new Map<number, ConnectionNote>();
  readonly #texts = new Map<string, number>();

  /** What was said of the connections that were closed last, the latest 256, in the order in which they closed. */
  get lastClosed(): readonly ConnectionNote[] {
    return [...this.#closed.values()];
  }

  /** @returns what ends it. */
  listen(listener: RecorderListener): () => void {
    for (const [text, id] of this.#texts) listener({ kind: 'string', id, text });
    for (const note of this.#open.values()) listener({ kind: 'connection', note });
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  connection(note: ConnectionNote): void {
    const whole = { ...this.#open.get(note.connection), ...note };
    if (whole.closedMs === undefined) keep(this.#open, whole, MAX_OPEN_NOTES);
    else {
      this.#open.delete(note.connection);
      keep(this.#closed, whole, MAX_CLOSED_NOTES);
    }
    this.#tell({ kind: 'connection', note: whole });
  }

  payload(payload: Payload): void {
    this.#tell({ kind: 'payload', payload });
  }

  /** The number of a text that events are to refer to, from 1; the same for the same text. 0: there are too many. */
  text(text: string): number {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    if (this.#texts.size >= MAX_TEXTS) return 0;
    const id = this.#texts.size + 1;
    this.#texts.set(text, id);
    this.#tell({ kind: 'string', id, text });
    return id;
  }

  #tell(note: RecorderNote): void {
    for (const listener of this.#listeners) listener(note);
  }
}

/** As the latest of so many. */
function keep(notes: Map<number, ConnectionNote>, note: ConnectionNote, most: number): void {
  notes.set(note.connection, note);
  const [oldest] = notes.keys();
  if (notes.size > most && oldest !== undefined) notes.delete(oldest);
}
