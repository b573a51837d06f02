import type { NoteCollector } from '../../report/note-collector.ts';
import type { ConnectionNote, Verdict } from '../../../src/trace/trace-note.ts';

/** What a trace says beside its events, and when. */
export type TimedNote =
  | { readonly kind: 'opened' | 'closed'; readonly atMs: number; readonly note: ConnectionNote }
  | { readonly kind: 'verdict'; readonly atMs: number; readonly verdict: Verdict };

/** Events are timed by a tick that is coarse: what was noted so shortly before may still belong after them. */
const COARSE_MS = 2;

/** The notes of a trace by their times: where they stand in the file says when they were written, not when they happened. */
export class TimedNotes {
  readonly #notes: readonly TimedNote[];
  #next = 0;

  constructor({ names, verdicts }: NoteCollector) {
    const notes: TimedNote[] = [];
    for (const note of names.values()) {
      notes.push({ kind: 'opened', atMs: note.openedMs ?? 0, note });
      if (note.closedMs !== undefined) notes.push({ kind: 'closed', atMs: note.closedMs, note });
    }
    for (const verdict of verdicts.kept) notes.push({ kind: 'verdict', atMs: verdict.atMs, verdict });
    this.#notes = notes.toSorted((one, other) => one.atMs - other.atMs);
  }

  /** Those that come before an event of that time and have not been taken yet. */
  *before(nowMs: number): Generator<TimedNote> {
    for (;;) {
      const note = this.#notes[this.#next];
      if (note === undefined || note.atMs + COARSE_MS >= nowMs) return;
      this.#next += 1;
      yield note;
    }
  }
}
