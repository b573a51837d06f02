import type { FindingClass } from './finding-class.ts';
import type { ConnectionDetector, Ending } from './detector.ts';
import type { DetectorTable } from './detector-table.ts';
import { ConnectionPicture } from './connection-picture.ts';
import type { Report } from './finding.ts';
import { NONE } from './half-picture.ts';
import { Kind } from '../trace/event-kind.ts';
import type { ConnectionNote } from '../trace/trace-note.ts';
import type { SeenEvent } from './seen-event.ts';
import { updatePicture } from './update-picture.ts';

/** So many different findings are kept of one connection: a loop of defects must not fill the memory. */
const MAX_FINDINGS = 64;

/** A report, and how often the same came again. */
export interface Found {
  readonly report: Report;
  more: number;
}

/** One connection under diagnosis: the picture of it, and the detectors that look at it. */
export class DiagnosedConnection {
  readonly picture: ConnectionPicture;
  readonly #detectors: readonly ConnectionDetector[];
  readonly #table: DetectorTable;
  readonly #found = new Map<string, Found>();
  readonly #onFound: (found: Found) => boolean;
  #heardGapSeq = NONE;
  isOver = false;

  /** @param onFound is told of what is new, and answers whether there is room to keep it. */
  constructor(connection: number, table: DetectorTable, onFound: (found: Found) => boolean) {
    this.picture = new ConnectionPicture(connection);
    this.#onFound = onFound;
    const report = (one: Report): void => {
      this.#report(one);
    };
    this.#table = table;
    this.#detectors = table.detectors.map((detector) => detector.open(this.picture, report));
  }

  get found(): Iterable<Found> {
    return this.#found.values();
  }

  get foundCount(): number {
    return this.#found.size;
  }

  event(event: SeenEvent): void {
    const { picture } = this;
    if (picture.firstSeq === -1) {
      picture.firstSeq = event.seq;
      picture.firstTickMs = event.tickMs;
    }
    const wanting = this.#table.wanting(event.kind, event.n);
    // Not `for … of`: this runs for every event of a trace.
    for (let index = 0; index < wanting.length; index += 1) this.#detectors[wanting[index] ?? 0]?.onEvent?.(event);
    if (event.kind !== Kind.GAP) updatePicture(picture, event);
  }

  /** What is said of it by name. */
  named(note: ConnectionNote | null): void {
    this.picture.note = note;
  }

  /** The latest gap came before its time, unless records of its own are missing: before `cutSeq`. */
  beginsAfter(gapSeq: number, cutSeq: number): void {
    this.#heardGapSeq = gapSeq;
    this.picture.gapSeq = cutSeq;
  }

  /** The latest gap of the trace, before each event and before the end: records are missing before this one. */
  gap(seq: number): void {
    if (seq === this.#heardGapSeq) return;
    this.#heardGapSeq = seq;
    this.picture.gapSeq = seq;
  }

  end(ending: Ending): void {
    for (const detector of this.#detectors) detector.onEnd?.(ending);
    this.isOver = true;
  }

  #report(report: Report): void {
    const key = keyOf(report);
    const known = this.#found.get(key);
    if (known !== undefined) {
      known.more += 1;
      return;
    }
    if (this.#found.size >= MAX_FINDINGS) return;
    const found = { report, more: 0 };
    if (this.#onFound(found)) this.#found.set(key, found);
  }
}

function keyOf({
  class: name,
  direction,
  half = '',
}: {
  class: FindingClass;
  direction: string;
  half?: string;
}): string {
  return `${name} ${direction} ${half}`;
}
