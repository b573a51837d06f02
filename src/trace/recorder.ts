import { RelayscopeError } from '../errors.ts';
import { systemClock, type Clock } from '../poll/clock.ts';
import { Flag, Kind } from './event-kind.ts';
import { extensionWords, isInt32 } from './extension.ts';
import { PayloadRecorder, type PayloadOptions } from './payload-recorder.ts';
import { MAX_CYCLE_RECORDS, PollHistory } from './poll-history.ts';
import { RecorderNotes, type ConnectionEnds } from './recorder-notes.ts';
import {
  HEADER_WORDS,
  Header,
  MAX_REPEAT,
  RING_MAGIC,
  Word,
  WORDS_PER_RECORD,
  recordOffset,
  ringBytes,
} from './ring-layout.ts';

export interface RecorderOptions {
  /** How many of the first records are kept for good. Default: 4096. */
  keptRecords?: number;
  /** How many of the latest records are kept. Default: 28672, which with the kept ones makes 1 MiB. */
  ringRecords?: number;
  /** Bytes that go through are kept only if it says so. Whoever listens to `notes` gets them. */
  payload?: PayloadOptions;
  clock?: Clock;
}

/**
 * Records what a copy does, one fixed-size record per event, into a ring in shared memory that another thread can read
 * even while this one is frozen. A loop that repeats itself costs a count, not records.
 *
 * No clock per record: each poll is stamped finely, and every record bears the shared coarse tick.
 */
export class Recorder {
  /** Hand this to another thread, and read it there with `readRing`. */
  readonly buffer: SharedArrayBuffer;
  /** What it says beside its records: connections by name, payload. */
  readonly notes = new RecorderNotes();
  readonly payload: PayloadRecorder | null;
  readonly #words: Int32Array;
  readonly #kept: number;
  readonly #ring: number;
  readonly #clock: Clock;
  readonly #startedMs: number;
  #connections = 0;
  /** Records written so far. */
  #head = 0;
  /** The word at which the next record goes; follows #head without a division. */
  #next = HEADER_WORDS;
  /** The word at which the ring proper begins, after the records that are kept for good. */
  readonly #ringStart: number;
  /** The most records that ever stood in the ring: what was collapsed has overwritten older ones all the same. */
  #written = 0;
  readonly #history: PollHistory;
  #polls = 0;
  /** Whether a write has taken bytes since the latest poll began, and for how many polls before it none has. */
  #hasMoved = false;
  #idlePolls = 0;
  /** The latest record if it is a loop, as it was reported: its first word, connection, pos and cap; else -1. */
  #loopHead = -1;
  #loopConnection = 0;
  #loopPos: unknown = 0;
  #loopCap: unknown = 0;
  #loopAt = 0;

  constructor(options: RecorderOptions = {}) {
    this.#kept = recordCount('keptRecords', options.keptRecords ?? 4096, 1);
    this.#ring = recordCount('ringRecords', options.ringRecords ?? 28672, MAX_CYCLE_RECORDS * 2);
    this.#clock = options.clock ?? systemClock;
    this.#startedMs = this.#clock.nowMs();
    this.payload = options.payload === undefined ? null : new PayloadRecorder(this.notes, options.payload);
    this.buffer = new SharedArrayBuffer(ringBytes(this.#kept, this.#ring));
    this.#words = new Int32Array(this.buffer);
    this.#history = new PollHistory(this.#words, this.#kept, this.#ring);
    this.#ringStart = HEADER_WORDS + this.#kept * WORDS_PER_RECORD;
    this.#words[Header.KEPT_RECORDS] = this.#kept;
    this.#words[Header.RING_RECORDS] = this.#ring;
    this.#words[Header.MAGIC] = RING_MAGIC;
  }

  /** Milliseconds since the trace began. */
  elapsedMs(): number {
    return this.#clock.nowMs() - this.#startedMs;
  }

  /** Numbers a connection, from 1, and says what its two ends are, for a person; each copy takes one. */
  openConnection(ends: ConnectionEnds = {}): number {
    this.#connections += 1;
    this.notes.connection({ connection: this.#connections, openedMs: this.elapsedMs(), ...ends });
    return this.#connections;
  }

  /** How it ended, and what was not known before. */
  closeConnection(connection: number, how: ConnectionEnds & { readonly end: string; readonly message?: string }): void {
    this.notes.connection({ connection, closedMs: this.elapsedMs(), ...how });
    this.payload?.forget(connection);
  }

  /** Begins a poll, and stamps it. If those before have come round to where they were, they are counted together. */
  poll(connection: number): void {
    this.#idlePolls = this.#hasMoved ? 0 : this.#idlePolls + 1;
    this.#hasMoved = false;
    // Polls that move bytes are worth a record each, and not worth the comparison.
    if (this.#idlePolls > 1) this.#collapse();
    this.#history.begin(this.#head);
    this.#loopHead = -1;
    const elapsedMs = this.#clock.nowMs() - this.#startedMs;
    this.#words[Header.TICK_MS] = elapsedMs | 0;
    this.#polls += 1;
    // Stored as two words of 31 bits, because 2^31 µs are only 36 minutes; within them it stays a small integer.
    if (elapsedMs < 2_000_000) {
      this.#append(Kind.POLL, connection, (elapsedMs * 1000 + 0.5) | 0, 0, this.#polls | 0, 0);
      return;
    }
    const micros = Math.round(elapsedMs * 1000);
    this.#append(Kind.POLL, connection, micros % 0x80000000, Math.floor(micros / 0x80000000), this.#polls | 0, 0);
  }

  /** The end of one iteration of the copy's loop. The same iteration again only adds to a count. */
  loop(flags: number, connection: number, pos: number, cap: number): void {
    const words = this.#words;
    const at = this.#loopAt;
    if (
      this.#loopHead === flags &&
      this.#loopConnection === connection &&
      // Not `===`: a wrong count may have made them NaN.
      Object.is(this.#loopPos, pos) &&
      Object.is(this.#loopCap, cap) &&
      (words[at + Word.REPEAT] ?? MAX_REPEAT) < MAX_REPEAT
    ) {
      words[at + Word.REPEAT] = (words[at + Word.REPEAT] ?? 0) + 1;
      words[at + Word.OFFERED] = words[Header.TICK_MS] ?? 0;
      words[Header.REPEATS] = ((words[Header.REPEATS] ?? 0) + 1) | 0;
      return;
    }
    const start = this.#next;
    this.event(Kind.LOOP | flags, connection, pos, cap, 0, 0);
    this.#loopHead = flags;
    this.#loopConnection = connection;
    this.#loopPos = pos;
    this.#loopCap = cap;
    this.#loopAt = start;
  }

  /**
   * Any other event. Numbers that are no 32-bit integers, and what is no number at all (a stream's wrong count),
   * go into an extension record.
   */
  event(head: number, connection: number, pos: number, cap: number, n: number, offered: number): void {
    this.#loopHead = -1;
    if (isInt32(pos) && isInt32(cap) && isInt32(n) && isInt32(offered)) {
      if (n > 0 && (head & Flag.KIND_MASK) === Kind.WRITE) this.#hasMoved = true;
      this.#append(head, connection, pos, cap, n, offered);
      return;
    }
    this.#append(head | Flag.EXTENDED, connection, int32Of(pos), int32Of(cap), int32Of(n), int32Of(offered));
    for (const words of extensionWords(pos, cap, n, offered)) {
      this.#append(Kind.EXTENSION | words.field, words.type, words.low, words.high, words.more, words.most);
    }
  }

  #append(head: number, connection: number, pos: number, cap: number, n: number, offered: number): void {
    const words = this.#words;
    const at = this.#next;
    words[at] = head;
    words[at + Word.CONNECTION] = connection;
    words[at + Word.POS] = pos;
    words[at + Word.CAP] = cap;
    words[at + Word.N] = n;
    words[at + Word.OFFERED] = offered;
    words[at + Word.TICK_MS] = words[Header.TICK_MS] ?? 0;
    words[at + Word.REPEAT] = 0;
    this.#next = at + WORDS_PER_RECORD === words.length ? this.#ringStart : at + WORDS_PER_RECORD;
    this.#storeHead(this.#head + 1);
  }

  /** Takes back the latest polls if they were the ones before over again, where they are counted now. */
  #collapse(): void {
    const head = this.#history.collapse(this.#head, this.#idlePolls);
    if (head === this.#head) return;
    const words = this.#words;
    words[Header.REPEATS] = ((words[Header.REPEATS] ?? 0) + 1) | 0;
    words[Header.REWINDS] = ((words[Header.REWINDS] ?? 0) + 1) | 0;
    this.#next = recordOffset(head, this.#kept, this.#ring);
    this.#storeHead(head);
  }

  #storeHead(head: number): void {
    const words = this.#words;
    this.#head = head;
    words[Header.HEAD_LOW] = head | 0;
    if (head >= 0x100000000) words[Header.HEAD_HIGH] = Math.floor(head / 0x100000000);
    if (head <= this.#written) return;
    this.#written = head;
    words[Header.WRITTEN_LOW] = head | 0;
    if (head >= 0x100000000) words[Header.WRITTEN_HIGH] = Math.floor(head / 0x100000000);
  }
}

/** What stands in a record for a value that its extension has. */
function int32Of(value: unknown): number {
  return isInt32(value) ? value : 0;
}

function recordCount(name: string, count: number, least: number): number {
  if (Number.isSafeInteger(count) && count >= least && count <= 0x3ffffff) return count;
  throw new RelayscopeError(
    'RECORDER_SIZE',
    `Wrong size of the recorder: expected ${name} of ${least} or more, got ${count}`,
  );
}
