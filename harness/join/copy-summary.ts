import type { Direction } from '../../src/poll/direction.ts';
import type { TraceEvent } from '../../src/trace/trace-event.ts';
import { FirstBytes } from './first-bytes.ts';
import { COMPARED_BYTES } from './join-limits.ts';
import { Series } from './series.ts';

/** What one direction of a copy did, by its trace. Times are milliseconds since the trace began. */
export class CopySide {
  /** What its reads gave. */
  readonly read = new Series();
  /** What its writes can have taken: never more than they were offered. */
  readonly taken = new Series();
  /** What its writes reported. */
  reported = 0;
  readCalls = 0;
  writeCalls = 0;
  /** The first write that reported more than it was offered. */
  wrongWrite: { readonly offered: number; readonly reported: number } | null = null;
  pos: number | null = null;
  cap: number | null = null;
  readDone = false;
  needFlush = false;
  /** What the latest call returned, if it was no count. */
  latest: 'read' | 'write' | 'flush' | 'shutdown' | 'loop' | null = null;
  isPending = false;
  hasFailed = false;
  isShutDown = false;
  /** How often the loop went round at the end, with nothing after it. */
  rounds = 0;
  /** The bytes that were recorded, from the first on; null if they are stand-ins. */
  readonly first = new FirstBytes(COMPARED_BYTES);
  recordedBytes = 0;

  /** A call of this direction, or a step of its loop; `times` it stands for. */
  add(event: TraceEvent, atMs: number, times: number): void {
    const { kind, n, offered, pos, cap } = event;
    if (kind !== 'read' && kind !== 'write' && kind !== 'flush' && kind !== 'shutdown' && kind !== 'loop') return;
    this.latest = kind;
    this.isPending = n === 'pending';
    this.hasFailed ||= n === 'failed';
    this.rounds = kind === 'loop' ? (event.repeat ?? 0) : 0;
    this.readDone = event.read_done ?? false;
    this.needFlush = event.need_flush ?? false;
    if (typeof pos === 'number') this.pos = pos;
    if (typeof cap === 'number') this.cap = cap;
    if (kind === 'read') this.#read(n, atMs, times);
    if (kind === 'write') this.#write(n, offered, atMs, times);
    if (kind === 'shutdown' && n === 0) this.isShutDown = true;
  }

  /** Of what was read, what still stands in the buffer, going by the counts. */
  get buffered(): number {
    return Math.max(0, this.read.bytes - this.taken.bytes);
  }

  /** The state after the latest event: what a call says of pos and cap is from before it. */
  get place(): { readonly pos: number; readonly cap: number } | null {
    return this.pos === null || this.cap === null ? null : { pos: this.pos, cap: this.cap };
  }

  #read(n: TraceEvent['n'], atMs: number, times: number): void {
    this.readCalls += times;
    if (typeof n !== 'number') return;
    if (n > 0) {
      this.read.add(n, atMs);
      // Behind what is still there, or from the beginning of the buffer.
      if (this.pos === this.cap) this.pos = this.cap = 0;
      this.cap = (this.cap ?? 0) + n;
    } else if (n === 0) this.readDone = true;
  }

  #write(n: TraceEvent['n'], offered: TraceEvent['offered'], atMs: number, times: number): void {
    this.writeCalls += times;
    if (typeof n !== 'number' || n <= 0) return;
    this.reported += n;
    const most = typeof offered === 'number' ? Math.max(0, offered) : n;
    this.taken.add(Math.min(n, most), atMs);
    // What the copy makes of too much its dialect decides: its next event says it.
    if (n > most) this.wrongWrite ??= { offered: most, reported: n };
    else if (this.pos !== null) this.pos += n;
  }
}

/** One connection of a trace, counted. */
export class CopySummary {
  readonly connection: number;
  readonly sides: Readonly<Record<Direction, CopySide>> = { 'a -> b': new CopySide(), 'b -> a': new CopySide() };
  polls = 0;
  /** The poll under way stands for so many more. */
  #pollRepeat = 0;
  /** When it began: to the microsecond, where the tick of an event within it may be late by some milliseconds. */
  #pollMs: number | null = null;

  constructor(connection: number) {
    this.connection = connection;
  }

  add(event: TraceEvent): void {
    if (event.kind === 'poll') {
      this.#pollMs = event.timeMs ?? null;
      this.#pollRepeat = event.repeat ?? 0;
      this.polls += 1 + this.#pollRepeat;
    }
    const atMs = this.#pollMs ?? event.tickMs;
    if (event.direction !== undefined) this.sides[event.direction].add(event, atMs, 1 + this.#pollRepeat);
  }
}
