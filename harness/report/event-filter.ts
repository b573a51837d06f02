import type { Direction } from '../../src/poll/direction.ts';
import { EVENT_KINDS, Flag, Kind, type EventKind } from '../../src/trace/event-kind.ts';
import { Word } from '../../src/trace/ring-layout.ts';

export interface FilterOptions {
  readonly direction?: Direction | undefined;
  readonly connections?: ReadonlySet<number> | undefined;
  readonly kinds?: ReadonlySet<EventKind> | undefined;
}

/** Which raw records were asked for. A gap always is: what is missing may have been. */
export class EventFilter {
  readonly #bit: number | null;
  readonly #connections: ReadonlySet<number> | null;
  readonly #codes: ReadonlySet<number> | null;

  constructor({ direction, connections, kinds }: FilterOptions) {
    this.#bit = direction === undefined ? null : direction === 'b -> a' ? Flag.B_TO_A : 0;
    this.#connections = connections ?? null;
    this.#codes = kinds === undefined ? null : new Set([...kinds].map((kind) => EVENT_KINDS.indexOf(kind)));
  }

  get passesAll(): boolean {
    return this.#bit === null && this.#connections === null && this.#codes === null;
  }

  /** Of an extension, the record before it decides. */
  passes(words: Int32Array, at: number): boolean {
    const head = words[at] ?? 0;
    const kind = head & Flag.KIND_MASK;
    if (kind === Kind.GAP) return true;
    if (this.#codes !== null && !this.#codes.has(kind)) return false;
    if (this.#connections !== null && !this.#connections.has(words[at + Word.CONNECTION] ?? 0)) return false;
    // A poll is one of both directions.
    return this.#bit === null || (kind !== Kind.POLL && (head & Flag.B_TO_A) === this.#bit);
  }
}
