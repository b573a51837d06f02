import * as fc from 'fast-check';
import type { Recorder } from '../../src/trace/recorder.ts';
import type { RecorderNote } from '../../src/trace/recorder-notes.ts';
import { ringItems } from '../../src/trace/ring-snapshot.ts';
import type { TraceItem } from '../../src/trace/trace-item.ts';

/** More notes of one run than that are left out of its trace. */
const MAX_NOTES = 10_000;

/** What a recorder holds of the latest run that failed: fast-check tries smaller values after it, with which all is well. */
export class RunRecording {
  /** Null: none has, or nothing was recorded. */
  ofFailure: readonly TraceItem[] | null = null;
  readonly #recorder: Recorder;
  /** Texts are told once, and used by every run after. */
  readonly #texts: RecorderNote[] = [];
  #notes: RecorderNote[] = [];
  readonly #unlisten: () => void;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
    this.#unlisten = recorder.notes.listen((note) => {
      if (note.kind === 'string') this.#texts.push(note);
      else if (this.#notes.length < MAX_NOTES) this.#notes.push(note);
    });
  }

  begin(): void {
    this.#recorder.reset();
    this.#notes = [];
  }

  /** @param outcome of the run, as fast-check has it: null if all is well. */
  end(outcome: unknown): void {
    if (outcome === null || fc.PreconditionFailure.isFailure(outcome)) return;
    if (this.#recorder.nextSeq === 0) {
      this.ofFailure = null;
      return;
    }
    const about: TraceItem = { kind: 'about', about: { writer: 'relayscope', title: 'A property that fails' } };
    const end: TraceItem = { kind: 'end', note: { reason: 'closed', atMs: this.#recorder.elapsedMs() } };
    this.ofFailure = [about, ...this.#texts, ...this.#notes, ...ringItems(this.#recorder.buffer), end];
  }

  close(): void {
    this.#unlisten();
  }
}
