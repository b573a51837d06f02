import { Flag, Kind } from '../trace/event-kind.ts';
import type { Recorder } from '../trace/recorder.ts';
import type { RecorderNote } from '../trace/recorder-notes.ts';
import { Word, WORDS_PER_RECORD } from '../trace/ring-layout.ts';
import { ringItems, snapshotRing } from '../trace/ring-snapshot.ts';
import type { Ending } from './detector.ts';
import { Diagnosis, type DiagnosisOptions } from './diagnosis.ts';
import type { Finding, Report } from './finding.ts';
import { oldestBeyond } from './oldest-beyond.ts';

/** Records that may still be taken back, or counted together with others, lie no further from the latest than this. */
const MAX_PROVISIONAL = 512;
/** What was told is not told again; of more than that it may be. */
const MAX_TOLD = 4096;

export interface LiveDiagnosisOptions extends Pick<DiagnosisOptions, 'detectors'> {
  /** Of the copies that are recorded. */
  readonly dialect?: string;
  /** Called once for each thing that is found on a connection, as it shows. It may turn out to be a consequence of another. */
  readonly onReport?: (connection: number, report: Report) => void;
}

/**
 * Follows a recorder while it is recorded into, in the same thread, and tells what it finds as it shows. The latest polls may
 * still be taken back, where they go round: they are looked at once bytes have moved since, or when nothing more has come.
 *
 * @example
 * const live = new LiveDiagnosis(recorder, { onReport: (connection, { class: name }) => console.error(connection, name) });
 * const timer = setInterval(() => live.poll(), 250);
 * // Once all is over:
 * clearInterval(timer);
 * const findings = live.end();
 */
export class LiveDiagnosis {
  readonly #recorder: Recorder;
  readonly #diagnosis: Diagnosis;
  readonly #options: LiveDiagnosisOptions;
  readonly #unlisten: () => void;
  readonly #open = new Set<number>();
  readonly #told = new Set<string>();
  /** The first record that has not been looked at for good. */
  #next = 0;
  /** Where the records ended when it was last asked, and where they stood when what stands still was looked at. */
  #seenSeq = -1;
  #glancedSeq = -1;

  constructor(recorder: Recorder, options: LiveDiagnosisOptions = {}) {
    this.#recorder = recorder;
    this.#options = options;
    this.#diagnosis = this.#begin();
    this.#unlisten = recorder.notes.listen((note) => {
      this.#note(note);
    });
  }

  /** Takes in what has been recorded since. To be called now and then, such as four times a second. */
  poll(): void {
    const { nextSeq } = this.#recorder;
    this.#take(this.#open.size === 0);
    this.#diagnosis.elapsed(this.#recorder.elapsedMs());
    // Nothing has come since the last time: what stands still may stand for ever.
    if (nextSeq === this.#seenSeq && nextSeq !== this.#glancedSeq && this.#open.size > 0) {
      this.#glancedSeq = nextSeq;
      this.#glance();
    }
    this.#seenSeq = nextSeq;
  }

  /** What has been found for good so far; each with its consequences. */
  findings(): Finding[] {
    return this.#diagnosis.findings();
  }

  /** Nothing more will come. @param ending of the connections that have not ended by themselves. */
  end(ending?: Partial<Ending>): Finding[] {
    this.#unlisten();
    this.#take(true);
    this.#diagnosis.end(ending);
    return this.#diagnosis.findings();
  }

  #begin(of: ReadonlySet<number> | null = null): Diagnosis {
    const { dialect, detectors } = this.#options;
    const diagnosis = new Diagnosis({
      ...(detectors === undefined ? {} : { detectors }),
      onReport: (connection, report) => {
        if (of === null || of.has(connection)) this.#report(connection, report);
      },
    });
    if (dialect !== undefined) diagnosis.item({ kind: 'about', about: { dialect } });
    return diagnosis;
  }

  #note(note: RecorderNote): void {
    this.#diagnosis.item(note);
    if (note.kind !== 'connection') return;
    const { connection, end } = note.note;
    if (end === undefined) this.#open.add(connection);
    else this.#open.delete(connection);
  }

  #take(all: boolean): void {
    for (const { firstSeq, words } of snapshotRing(this.#recorder.buffer, this.#next)) {
      const count = words.length / WORDS_PER_RECORD;
      const isLatest = firstSeq + count >= this.#recorder.nextSeq;
      const settled = all || !isLatest ? count : settledRecords(words, count);
      if (settled === 0) continue;
      this.#diagnosis.records(words.subarray(0, settled * WORDS_PER_RECORD), firstSeq);
      this.#next = firstSeq + settled;
    }
  }

  /** A look at all that the ring has, of connections that are open and stand still. */
  #glance(): void {
    const glance = this.#begin(this.#open);
    this.#recorder.notes.listen((note) => {
      glance.item(note);
    })();
    for (const item of ringItems(this.#recorder.buffer)) glance.item(item);
    // Nobody has said that this is the end: what is told then is wrong by itself.
    glance.end();
  }

  #report(connection: number, report: Report): void {
    const { class: name, direction, half = '' } = report;
    const key = `${connection} ${name} ${direction} ${half}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    for (const oldest of oldestBeyond(this.#told, MAX_TOLD)) this.#told.delete(oldest);
    this.#options.onReport?.(connection, report);
  }
}

/** How many of the records stand for good: polls since the latest write that took bytes may go round, and be taken back. */
function settledRecords(words: Int32Array, count: number): number {
  const least = Math.max(0, count - MAX_PROVISIONAL);
  for (let index = count - 1; index > least; index -= 1) {
    const head = words[index * WORDS_PER_RECORD] ?? 0;
    const took = (words[index * WORDS_PER_RECORD + Word.N] ?? 0) > 0 && (head & Flag.FAILED) === 0;
    if ((head & Flag.KIND_MASK) === Kind.WRITE && took) return index + 1;
  }
  return least;
}
