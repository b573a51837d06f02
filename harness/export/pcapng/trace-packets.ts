import type { Direction } from '../../../src/poll/direction.ts';
import type { TraceEvent } from '../../../src/trace/trace-event.ts';
import type { ConnectionNote, Verdict } from '../../../src/trace/trace-note.ts';
import { counted, thousands } from '../../report/format-number.ts';
import { MAX_CONNECTIONS } from '../../report/trace-totals.ts';
import { eventComment, isRemarkable, pauseComment } from './event-comment.ts';
import { ExportedFlow } from './exported-flow.ts';
import { documentationEnds, parseEndpoint, type IpEndpoint } from './ip-endpoint.ts';
import { customBlock } from './pcapng-blocks.ts';
import type { RecordedPayload } from './recorded-payload.ts';
import type { TimedNote } from './timed-notes.ts';

/** A connection that moved nothing for so long, and then does, had a pause worth a word. */
const PAUSE_MS = 1000;
/** Microseconds are counted exactly up to here: the year 2255. */
const MAX_MS = Number.MAX_SAFE_INTEGER / 1000;

interface Connection {
  readonly flow: ExportedFlow;
  /** Bytes of each direction so far. */
  readonly offsets: Record<Direction, number>;
  /** How many gaps of the trace came before its latest write in each direction. */
  readonly gapsSeen: Record<Direction, number>;
  lastMs: number;
}

/** Turns a trace, event by event, into the packets of TCP connections. */
export class TracePackets {
  readonly #startedAtMs: number;
  readonly #names: ReadonlyMap<number, ConnectionNote>;
  readonly #payload: RecordedPayload;
  readonly #connections = new Map<number, Connection>();
  #nowMs = 0;
  #gaps = 0;
  /** Waits for the next packet, whichever it is. */
  #toSay = '';
  /** Events of connections beyond MAX_CONNECTIONS. */
  unlisted = 0;

  /** @param startedAtMs since 1970; the times of the trace are added to it. */
  constructor(startedAtMs: number, names: ReadonlyMap<number, ConnectionNote>, payload: RecordedPayload) {
    this.#startedAtMs = startedAtMs >= 0 && startedAtMs < MAX_MS / 2 ? startedAtMs : 0;
    this.#names = names;
    this.#payload = payload;
  }

  /** When the event is, in milliseconds since the trace began; never before the one before it. */
  timeOf({ tickMs, timeMs = 0 }: TraceEvent): number {
    return Math.max(this.#nowMs, tickMs, timeMs);
  }

  async *event(event: TraceEvent): AsyncGenerator<Uint8Array> {
    this.#passTo(this.timeOf(event));
    const { kind, n } = event;
    if (kind === 'gap') {
      this.gap(typeof n === 'number' ? n : 0);
      return;
    }
    if (event.connection <= 0) return;
    if (!this.#connections.has(event.connection)) yield* this.#open(event.connection);
    const connection = this.#connections.get(event.connection);
    if (connection === undefined) {
      this.unlisted += 1;
      return;
    }
    const { direction = 'a -> b' } = event;
    if (kind === 'write' && typeof n === 'number' && n > 0) yield* this.#write(connection, direction, event, n);
    else if (isRemarkable(event)) yield* this.#remark(connection, direction, event);
  }

  *note(timed: TimedNote): Generator<Uint8Array> {
    this.#passTo(timed.atMs);
    switch (timed.kind) {
      case 'opened':
        if (!this.#connections.has(timed.note.connection)) yield* this.#open(timed.note.connection);
        break;
      case 'closed':
        yield* this.#closed(timed.note);
        break;
      case 'verdict':
        yield* this.#verdict(timed.verdict);
    }
  }

  /** Records are missing here. */
  gap(missing: number): void {
    this.#gaps += 1;
    this.#toSay = `${counted(missing, 'record')} of the trace missing before this`;
  }

  async *#write(
    connection: Connection,
    direction: Direction,
    event: TraceEvent,
    n: number,
  ): AsyncGenerator<Uint8Array> {
    const { offsets, flow, gapsSeen } = connection;
    const { offered } = event;
    // More than was offered it cannot have taken, whatever it says.
    const bytes = typeof offered === 'number' ? Math.min(n, Math.max(0, offered)) : n;
    const number = event.connection;
    if (gapsSeen[direction] < this.#gaps) {
      gapsSeen[direction] = this.#gaps;
      const next = await this.#payload.next(number, direction, offsets[direction]);
      // Where the payload goes on tells how much the missing records moved.
      if (next !== null && next.offset > offsets[direction] && next.length === bytes) {
        flow.skip(direction, next.offset - offsets[direction]);
        offsets[direction] = next.offset;
      }
    }
    const offset = offsets[direction];
    const { bytes: known, isRedacted } = await this.#payload.find(number, direction, offset, bytes);
    offsets[direction] += bytes;
    const said = [
      eventComment(event),
      ...(n > bytes
        ? [`reported ${thousands(n - bytes)} more than it was offered, of which nothing is sent here`]
        : []),
      ...(isRedacted ? ['payload redacted: stand-ins'] : []),
      ...(known.length < bytes ? [`payload recorded: ${thousands(known.length)} of ${counted(bytes, 'byte')}`] : []),
    ];
    const comment = this.#said(said.join('; '), connection);
    if (bytes === 0) yield* flow.remark(this.#micros(), direction, comment);
    else yield* flow.write(this.#micros(), direction, bytes, known, comment);
  }

  *#remark(connection: Connection, direction: Direction, event: TraceEvent): Generator<Uint8Array> {
    const { flow } = connection;
    const comment = this.#said(eventComment(event), connection);
    const { kind, n } = event;
    if (kind === 'shutdown' && n === 0) yield* flow.end(this.#micros(), direction, comment);
    // What cannot be read from was broken off by its sender; what cannot be written to, by its receiver.
    else if (kind === 'read' && n === 'failed') yield* flow.reset(this.#micros(), direction, comment);
    else if (n === 'failed') yield* flow.reset(this.#micros(), opposite(direction), comment);
    else yield* flow.remark(this.#micros(), direction, comment);
  }

  *#closed({ connection: number, end = 'completed', message }: ConnectionNote): Generator<Uint8Array> {
    const connection = this.#connections.get(number);
    if (connection === undefined || end === 'completed') return;
    const why = message === undefined ? end : `${end}: ${message}`;
    yield* connection.flow.reset(this.#micros(), 'a -> b', this.#said(`the copy ended: ${why}`));
  }

  *#verdict(verdict: Verdict): Generator<Uint8Array> {
    yield customBlock({ relayscope: 'verdict', verdict });
    const { outcome, message, connection: number = 1, direction = 'a -> b' } = verdict;
    const connection = this.#connections.get(number);
    if (connection === undefined) return;
    yield* connection.flow.remark(this.#micros(), direction, this.#said(`verdict: ${outcome}: ${message}`));
  }

  *#open(number: number): Generator<Uint8Array> {
    if (this.#connections.size >= MAX_CONNECTIONS) return;
    const note = this.#names.get(number);
    const ends = this.#endsOf(number, note);
    const flow = new ExportedFlow(number, ends);
    const zero = (): Record<Direction, number> => ({ 'a -> b': 0, 'b -> a': 0 });
    this.#connections.set(number, { flow, offsets: zero(), gapsSeen: zero(), lastMs: this.#nowMs });
    const named = `connection ${number}: a is ${note?.a ?? 'not named'}, b is ${note?.b ?? 'not named'}`;
    yield* flow.open(this.#micros(), this.#said(named));
  }

  /** Those of the trace if both are addresses of one kind. */
  #endsOf(number: number, note: ConnectionNote | undefined): readonly [IpEndpoint, IpEndpoint] {
    const [a, b] = [parseEndpoint(note?.a), parseEndpoint(note?.b)];
    return a !== null && b !== null && a.address.length === b.address.length ? [a, b] : documentationEnds(number);
  }

  #said(text: string, connection?: { lastMs: number }): string {
    const pauseMs = connection === undefined ? 0 : this.#nowMs - connection.lastMs;
    if (connection !== undefined) connection.lastMs = this.#nowMs;
    const parts = [this.#toSay, text, pauseMs >= PAUSE_MS ? pauseComment(pauseMs) : ''];
    this.#toSay = '';
    return parts.filter((part) => part !== '').join('; ');
  }

  #passTo(ms: number): void {
    if (ms > this.#nowMs && ms < MAX_MS / 2) this.#nowMs = ms;
  }

  #micros(): number {
    return Math.round((this.#startedAtMs + this.#nowMs) * 1000);
  }
}

function opposite(direction: Direction): Direction {
  return direction === 'a -> b' ? 'b -> a' : 'a -> b';
}
