import type { Direction } from '../../src/poll/direction.ts';
import {
  EVENT_KINDS,
  Flag,
  Kind,
  TRANSFER_STATES,
  type EventKind,
  type TransferStateName,
} from '../../src/trace/event-kind.ts';
import { Word, WORDS_PER_RECORD } from '../../src/trace/ring-layout.ts';

/** Connections beyond this are counted together: a hostile trace could name as many as it has records. */
export const MAX_CONNECTIONS = 65_536;

/** What one direction of a connection did. Repeated polls count as often as they stand. */
export interface DirectionTotals {
  events: number;
  /** Bytes that its writes reported. */
  bytes: number;
  /** Times round its loop. */
  iterations: number;
  /** Where it stood at last. */
  state: TransferStateName;
}

export interface ConnectionTotals {
  readonly connection: number;
  events: number;
  readonly directions: Readonly<Record<Direction, DirectionTotals>>;
}

/** Counts over the raw records of a trace, in one pass. */
export class TraceTotals {
  /** Records, extensions and those that stand for gaps included; events are the rest. */
  records = 0;
  /** Gaps, and the records that are missing in them. */
  gaps = 0;
  missing = 0;
  firstTickMs = Number.POSITIVE_INFINITY;
  lastTickMs = Number.NEGATIVE_INFINITY;
  /** Events of connections beyond MAX_CONNECTIONS. */
  unlisted = 0;
  readonly #kinds = new Float64Array(Flag.KIND_MASK + 1);
  readonly #connections = new Map<number, ConnectionTotals>();
  #pollRepeat = 0;

  add(words: Int32Array): void {
    this.records += words.length / WORDS_PER_RECORD;
    let connection: ConnectionTotals | null = null;
    for (let at = 0; at < words.length; at += WORDS_PER_RECORD) {
      const head = words[at] ?? 0;
      const kind = head & Flag.KIND_MASK;
      this.#kinds[kind] = (this.#kinds[kind] ?? 0) + 1;
      if (kind === Kind.EXTENSION) continue;
      if (kind === Kind.GAP) {
        this.#pollRepeat = 0;
        continue;
      }
      const repeat = words[at + Word.REPEAT] ?? 0;
      // Ticks are unsigned: 31 bits would be over after 24 days.
      const tickMs = (words[at + Word.TICK_MS] ?? 0) >>> 0;
      if (tickMs < this.firstTickMs) this.firstTickMs = tickMs;
      if (tickMs > this.lastTickMs) this.lastTickMs = tickMs;
      if (repeat > 0) this.lastTickMs = Math.max(this.lastTickMs, (words[at + Word.OFFERED] ?? 0) >>> 0);
      if (kind === Kind.POLL) this.#pollRepeat = repeat;
      const id = words[at + Word.CONNECTION] ?? 0;
      if (connection?.connection !== id) connection = this.#connection(id);
      if (connection === null) continue;
      connection.events += 1;
      if (kind !== Kind.POLL) this.#addStep(connection, head, words, at);
    }
  }

  /** The gap's own record, which stands for it, is added too. */
  addGap(missing: number): void {
    this.gaps += 1;
    this.missing += missing;
  }

  get events(): number {
    return this.records - (this.#kinds[Kind.EXTENSION] ?? 0) - (this.#kinds[Kind.GAP] ?? 0);
  }

  /** How many events of each kind there are, in the order of their codes; none that there are none of. */
  kinds(): Partial<Record<EventKind, number>> {
    const kinds: Partial<Record<EventKind, number>> = {};
    for (const [code, kind] of EVENT_KINDS.entries()) {
      const count = this.#kinds[code] ?? 0;
      if (count > 0 && code !== Kind.EXTENSION && code !== Kind.GAP) kinds[kind] = count;
    }
    return kinds;
  }

  /** In the order in which they first appear. */
  connections(): ConnectionTotals[] {
    return [...this.#connections.values()];
  }

  #addStep(connection: ConnectionTotals, head: number, words: Int32Array, at: number): void {
    const direction = connection.directions[(head & Flag.B_TO_A) === 0 ? 'a -> b' : 'b -> a'];
    direction.events += 1;
    const kind = head & Flag.KIND_MASK;
    if (kind === Kind.STATE)
      direction.state = TRANSFER_STATES[(head >>> Flag.STATE_SHIFT) & Flag.STATE_MASK] ?? 'running';
    if (kind === Kind.WRITE) {
      const n = words[at + Word.N] ?? 0;
      if (n > 0 && (head & Flag.FAILED) === 0) direction.bytes += n * (1 + this.#pollRepeat);
    } else if (kind === Kind.LOOP) {
      direction.iterations += (1 + (words[at + Word.REPEAT] ?? 0)) * (1 + this.#pollRepeat);
    }
  }

  #connection(id: number): ConnectionTotals | null {
    const known = this.#connections.get(id);
    if (known !== undefined) return known;
    if (this.#connections.size >= MAX_CONNECTIONS) {
      this.unlisted += 1;
      return null;
    }
    const none = (): DirectionTotals => ({ events: 0, bytes: 0, iterations: 0, state: 'running' });
    const made = { connection: id, events: 0, directions: { 'a -> b': none(), 'b -> a': none() } };
    this.#connections.set(id, made);
    return made;
  }
}
