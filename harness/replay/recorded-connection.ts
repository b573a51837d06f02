import { RelayscopeError } from '../../src/errors.ts';
import type { Direction } from '../../src/poll/direction.ts';
import { decodeRecords } from '../../src/trace/decode-records.ts';
import { WORDS_PER_RECORD } from '../../src/trace/ring-layout.ts';
import type { TraceEvent } from '../../src/trace/trace-event.ts';
import type { TraceItem } from '../../src/trace/trace-item.ts';
import type { ConnectionNote, Payload, TraceAbout, Verdict } from '../../src/trace/trace-note.ts';
import { NoteCollector } from '../report/note-collector.ts';

/** So many events are held, of all connections together: each is an object. */
const MAX_EVENTS = 400_000;
/** Of each direction so many bytes of payload are used; a document could not hold them. */
const MAX_PAYLOAD_BYTES = 1 << 20;
/** So many verdicts are kept, and the payload of so many connections. */
const MAX_VERDICTS = 1000;
const MAX_PAYLOADS = 64;
/** So many connections are named to who asks for one that is not there. */
const MAX_LISTED = 20;

/** One connection of a trace, as far as it was recorded. */
export interface RecordedConnection {
  readonly connection: number;
  readonly about: TraceAbout;
  readonly note: ConnectionNote | null;
  /** The last that is about this connection, or about none. */
  readonly verdict: Verdict | null;
  /** In order; `gap` where records are missing. */
  readonly events: readonly TraceEvent[];
  /** The first bytes of each direction, if the trace has them as they were. */
  readonly payload: Readonly<Record<Direction, Uint8Array>>;
  /** Records that are missing, and events that were too many. */
  readonly missing: number;
  /** How many connections the trace has. */
  readonly of: number;
}

/**
 * Reads a trace and picks one connection: the one that is asked for, else the one that its verdict is about, else the first
 * that has not completed, else the first. Throws REPLAY_NOTHING if it has none such, and what the items throw.
 */
export async function recordedConnection(
  items: AsyncIterable<TraceItem>,
  asked: number | null,
  signal: AbortSignal,
): Promise<RecordedConnection> {
  const collected = new Collected(asked);
  for await (const item of items) {
    if (signal.aborted) break;
    collected.add(item);
  }
  return collected.pick();
}

class Collected {
  readonly #asked: number | null;
  readonly #notes = new NoteCollector();
  readonly #events = new Map<number, TraceEvent[]>();
  readonly #payload = new Map<number, Record<Direction, Uint8Array>>();
  readonly #verdicts: Verdict[] = [];
  /** For who asks for another. */
  readonly #seen = new Set<number>();
  #gap: TraceEvent | null = null;
  #nextSeq = 0;
  #held = 0;
  #missing = 0;

  constructor(asked: number | null) {
    this.#asked = asked;
  }

  add(item: TraceItem): void {
    this.#notes.add(item);
    if (item.kind === 'payload') this.#addPayload(item.payload);
    else if (item.kind === 'verdict') this.#addVerdict(item.verdict);
    else if (item.kind === 'records') {
      const { words, firstSeq } = item;
      if (firstSeq > this.#nextSeq) this.#addGap(this.#nextSeq, firstSeq - this.#nextSeq);
      this.#nextSeq = firstSeq + words.length / WORDS_PER_RECORD;
      for (const event of decodeRecords(words, firstSeq)) {
        if (event.kind === 'gap') this.#addGap(event.seq, Number(event.n));
        else this.#addEvent(event);
      }
    }
  }

  pick(): RecordedConnection {
    const connection = this.#choose();
    const events = this.#events.get(connection);
    if (events === undefined)
      throw new RelayscopeError(
        'REPLAY_NOTHING',
        this.#asked === null
          ? 'Nothing to replay: expected the events of a connection, got none'
          : `Nothing to replay: expected events of connection ${this.#asked}, got those of ${this.#list()}`,
      );
    const verdict = this.#verdicts.findLast((one) => (one.connection ?? connection) === connection) ?? null;
    return {
      connection,
      about: this.#notes.about,
      note: this.#notes.names.get(connection) ?? null,
      verdict,
      events,
      payload: this.#payload.get(connection) ?? { 'a -> b': new Uint8Array(), 'b -> a': new Uint8Array() },
      missing: this.#missing,
      of: this.#events.size,
    };
  }

  #choose(): number {
    if (this.#asked !== null) return this.#asked;
    const [first = 1] = this.#events.keys();
    const judged = this.#verdicts.findLast(({ connection }) => this.#events.has(connection ?? -1))?.connection;
    const ends = [...this.#events.keys()].filter((each) => this.#notes.names.get(each)?.end !== 'completed');
    return judged ?? ends[0] ?? first;
  }

  #list(): string {
    if (this.#seen.size === 0) return 'none';
    return `${[...this.#seen].join(', ')}${this.#seen.size === MAX_LISTED ? ', …' : ''}`;
  }

  #addEvent(event: TraceEvent): void {
    if (this.#seen.size < MAX_LISTED) this.#seen.add(event.connection);
    if (this.#asked !== null && event.connection !== this.#asked) return;
    if (this.#held >= MAX_EVENTS) {
      this.#missing += 1;
      return;
    }
    this.#held += 1;
    const events = this.#events.get(event.connection);
    if (events !== undefined) events.push(event);
    // What a connection did in a gap that it appears after is missing as well.
    else this.#events.set(event.connection, this.#gap === null ? [event] : [this.#gap, event]);
  }

  #addGap(seq: number, missing: number): void {
    this.#missing += missing;
    this.#gap = { seq, kind: 'gap', connection: 0, tickMs: 0, n: missing };
    for (const events of this.#events.values()) events.push(this.#gap);
  }

  #addVerdict(verdict: Verdict): void {
    // Those say that it goes on.
    if (verdict.outcome === 'recovered' || verdict.outcome === 'busy') return;
    if (this.#verdicts.length === MAX_VERDICTS) this.#verdicts.shift();
    this.#verdicts.push(verdict);
  }

  /** Only what follows on what is there, from the beginning. */
  #addPayload({ connection, direction, offset, bytes, redacted }: Payload): void {
    if (redacted || (this.#asked !== null && connection !== this.#asked)) return;
    let payload = this.#payload.get(connection);
    if (payload === undefined) {
      if (this.#payload.size === MAX_PAYLOADS) return;
      payload = { 'a -> b': new Uint8Array(), 'b -> a': new Uint8Array() };
      this.#payload.set(connection, payload);
    }
    const before = payload[direction];
    if (offset === before.length && before.length + bytes.length <= MAX_PAYLOAD_BYTES)
      payload[direction] = Buffer.concat([before, bytes]);
  }
}

/** Bytes that were reported as written in each direction, as far as they are numbers. */
export function writtenIn(events: Iterable<TraceEvent>): Record<Direction, number> {
  const written = { 'a -> b': 0, 'b -> a': 0 };
  for (const { kind, direction, n } of events) {
    if (kind !== 'write' || direction === undefined || n === 'pending' || n === 'failed' || n === undefined) continue;
    written[direction] += Number(typeof n === 'number' ? n : n.value);
  }
  return written;
}
