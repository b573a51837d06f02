import { RelayscopeError } from '../errors.ts';
import { systemClock, type Clock } from '../poll/clock.ts';
import { Flag, Kind } from './event-kind.ts';
import { extensionWords, isInt32 } from './extension.ts';
import { recorderMade } from './made-recorders.ts';
import { connectionOpened } from './opened-connections.ts';
import { PayloadRecorder, type PayloadOptions } from './payload-recorder.ts';
import { MAX_CYCLE_RECORDS, PollHistory, REMEMBERED_POLLS } from './poll-history.ts';
import { RecorderNotes, type ConnectionEnds } from './recorder-notes.ts';
import {
  HEADER_WORDS,
  Header,
  MAX_REPEAT,
  RING_MAGIC,
  pollHighWord,
  Word,
  WORDS_PER_RECORD,
  ringBytes,
} from './ring-layout.ts';

/*
 * What the methods below need of the layout, as constants of this module: V8 puts those into the code that it makes,
 * but looks into an imported object each time, which cost 3 of 10 ns a record. For the same reason (a shorter method is
 * compiled into its caller) the words of a record stand in them as numbers, in the order of `Word`.
 */
const { TICK_MS, HEAD_LOW, WRITTEN_LOW, REPEATS, REWINDS, POLLS_LOW, POLLS_HIGH } = Header;
const { POLL, LOOP, WRITE } = Kind;
const { KIND_MASK } = Flag;
const FULL = MAX_REPEAT;
const isInteger = isInt32;
/** Where the header has its magic number, which no loop's record begins with. */
const NO_LOOP: number = Header.MAGIC;

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
 * No clock per record: each poll is stamped finely, and every record bears the shared coarse tick, which polls and stamps set.
 */
export class Recorder {
  /** Hand this to another thread, and read it there with `readRing`. */
  readonly buffer: SharedArrayBuffer;
  /** What it says beside its records: connections by name, payload. */
  readonly notes = new RecorderNotes();
  readonly payload: PayloadRecorder | null;
  readonly #words: Int32Array;
  #clock: Clock;
  #startedMs: number;
  #connections = 0;
  /** How far the head is behind where it has been: what was collapsed has overwritten older records all the same. */
  #behind = 0;
  /** The word at which the next record goes; follows the head without a division. */
  #next = HEADER_WORDS;
  /** The word at which the ring proper begins, after the records that are kept for good. */
  readonly #ringStart: number;
  readonly #history: PollHistory;
  /** Whether a write has taken bytes since the latest poll began, and for how many polls before it none has. */
  #hasMoved = false;
  #idlePolls = 0;
  /** Where the latest record begins if it is a loop; else NO_LOOP. */
  #loopAt = NO_LOOP;
  /** What that loop reported, where it was no 32-bit integer and its record cannot tell. */
  #loopPos: unknown = 0;
  #loopCap: unknown = 0;

  constructor(options: RecorderOptions = {}) {
    const kept = recordCount('keptRecords', options.keptRecords ?? 4096, 1);
    const ring = recordCount('ringRecords', options.ringRecords ?? 28672, MAX_CYCLE_RECORDS * 2);
    this.#clock = options.clock ?? systemClock;
    this.#startedMs = this.#clock.nowMs();
    this.payload = options.payload === undefined ? null : new PayloadRecorder(this.notes, options.payload);
    this.buffer = new SharedArrayBuffer(ringBytes(kept, ring));
    this.#words = new Int32Array(this.buffer);
    this.#ringStart = HEADER_WORDS + kept * WORDS_PER_RECORD;
    this.#history = new PollHistory(this.#words, this.#ringStart);
    this.#words[Header.KEPT_RECORDS] = kept;
    this.#words[Header.RING_RECORDS] = ring;
    this.#words[Header.MAGIC] = RING_MAGIC;
    recorderMade(this);
  }

  /**
   * Begins the trace anew, with no records, at this clock's time. The connections keep their numbers and names. For who
   * reads it in this thread: another that is reading it meanwhile would be misled.
   */
  reset(clock = this.#clock): void {
    this.#clock = clock;
    this.#startedMs = clock.nowMs();
    // Not `fill`, which is a call out of JavaScript.
    for (let word: number = HEAD_LOW; word < HEADER_WORDS; word += 1) this.#words[word] = 0;
    this.#history.reset();
    this.#behind = 0;
    this.#next = HEADER_WORDS;
    this.#hasMoved = false;
    this.#idlePolls = 0;
    this.#loopAt = NO_LOOP;
  }

  /** The number that the next record gets, unless it is collapsed with one before. */
  get nextSeq(): number {
    return (this.#words[Header.HEAD_HIGH] ?? 0) * 0x1_0000_0000 + ((this.#words[HEAD_LOW] ?? 0) >>> 0);
  }

  /** Milliseconds since the trace began. */
  elapsedMs(): number {
    return this.#clock.nowMs() - this.#startedMs;
  }

  /** Moves the coarse tick to now: for events outside any poll. */
  tick(): void {
    this.#words[TICK_MS] = this.elapsedMs() | 0;
  }

  /** Numbers a connection, from 1, and says what its two ends are, for a person; each copy takes one. */
  openConnection(ends: ConnectionEnds = {}): number {
    this.#connections += 1;
    this.notes.connection({ connection: this.#connections, openedMs: this.elapsedMs(), ...ends });
    // What runs by a clock of its own is simulated: nobody waits for it.
    if (this.#clock === systemClock) connectionOpened(this, this.#connections);
    return this.#connections;
  }

  /** How it ended, and what was not known before. */
  closeConnection(connection: number, how: ConnectionEnds & { readonly end: string; readonly message?: string }): void {
    this.notes.connection({ connection, closedMs: this.elapsedMs(), ...how });
    this.payload?.forget(connection);
  }

  /** Begins a poll, and stamps it. If those before have come round to where they were, they are counted together. */
  poll(connection: number): void {
    const words = this.#words;
    if (this.#hasMoved) this.#idlePolls = 0;
    else if (this.#idlePolls < REMEMBERED_POLLS) this.#idlePolls += 1;
    this.#hasMoved = false;
    // Polls that move bytes are worth a record each, and not worth the comparison.
    if (this.#idlePolls > 1) this.#collapse();
    this.#history.begin(this.#next, words[HEAD_LOW] ?? 0);
    this.#loopAt = NO_LOOP;
    const elapsedMs = this.#clock.nowMs() - this.#startedMs;
    words[TICK_MS] = elapsedMs | 0;
    const polls = ((words[POLLS_LOW] ?? 0) + 1) | 0;
    words[POLLS_LOW] = polls;
    if (polls === 0) words[POLLS_HIGH] = (words[POLLS_HIGH] ?? 0) + 1;
    // The time takes 31 bits and then 20, because 2^31 µs are only 36 minutes; within them it stays a small integer.
    if (elapsedMs < 2_000_000) {
      this.#append(POLL, connection, (elapsedMs * 1000 + 0.5) | 0, pollHighWord(0, words[POLLS_HIGH] ?? 0), polls, 0);
      return;
    }
    const micros = Math.round(elapsedMs * 1000);
    const high = pollHighWord(Math.floor(micros / 0x80000000), words[POLLS_HIGH] ?? 0);
    this.#append(POLL, connection, micros % 0x80000000, high, polls, 0);
  }

  /** Sets the coarse tick, for what comes between polls and is rare: how long before the next poll it came tells something. */
  stamp(): void {
    this.#words[TICK_MS] = (this.#clock.nowMs() - this.#startedMs) | 0;
  }

  /** The end of one iteration of the copy's loop. The same iteration again only adds to a count. */
  loop(flags: number, connection: number, pos: number, cap: number): void {
    const words = this.#words;
    const at = this.#loopAt;
    const head = flags | LOOP;
    // The record itself tells what the latest iteration was: cheaper than fields of our own.
    const isSame = words[at] === head && words[at + 1] === connection && words[at + 2] === pos && words[at + 3] === cap;
    if (isSame && words[at + 7] !== FULL) {
      this.#repeat(at);
    } else if (isInteger(pos) && isInteger(cap)) {
      this.#loopAt = this.#next;
      this.#append(head, connection, pos, cap, 0, 0);
    } else {
      this.#strangeLoop(head, connection, pos, cap);
    }
  }

  /** Counts the loop at this word once more. */
  #repeat(at: number): void {
    const words = this.#words;
    words[at + 7] = (words[at + 7] ?? 0) + 1;
    words[at + 5] = words[TICK_MS] ?? 0;
    words[REPEATS] = ((words[REPEATS] ?? 0) + 1) | 0;
  }

  /** An iteration whose pos or cap a wrong count has made something else than a 32-bit integer. */
  #strangeLoop(head: number, connection: number, pos: number, cap: number): void {
    const words = this.#words;
    const at = this.#loopAt;
    const isSame = words[at] === (head | Flag.EXTENDED) && words[at + Word.CONNECTION] === connection;
    // Not `===`: they may be NaN.
    if (isSame && Object.is(this.#loopPos, pos) && Object.is(this.#loopCap, cap) && words[at + Word.REPEAT] !== FULL) {
      this.#repeat(at);
      return;
    }
    const start = this.#next;
    this.event(head, connection, pos, cap, 0, 0);
    this.#loopAt = start;
    this.#loopPos = pos;
    this.#loopCap = cap;
  }

  /**
   * Any other event. Numbers that are no 32-bit integers, and what is no number at all (a stream's wrong count),
   * go into an extension record.
   */
  event(head: number, connection: number, pos: number, cap: number, n: number, offered: number): void {
    this.#loopAt = NO_LOOP;
    if (isInteger(pos) && isInteger(cap) && isInteger(n) && isInteger(offered)) {
      if (n > 0 && (head & KIND_MASK) === WRITE) this.#hasMoved = true;
      this.#append(head, connection, pos, cap, n, offered);
    } else {
      this.#extended(head, connection, pos, cap, n, offered);
    }
  }

  #extended(head: number, connection: number, pos: number, cap: number, n: number, offered: number): void {
    if (typeof n === 'number' && n > 0 && (head & KIND_MASK) === WRITE) this.#hasMoved = true;
    this.#append(head | Flag.EXTENDED, connection, int32Of(pos), int32Of(cap), int32Of(n), int32Of(offered));
    for (const words of extensionWords(pos, cap, n, offered)) {
      this.#append(Kind.EXTENSION | words.field, words.type, words.low, words.high, words.more, words.most);
    }
  }

  #append(head: number, connection: number, pos: number, cap: number, n: number, offered: number): void {
    const words = this.#words;
    const at = this.#next;
    words[at] = head;
    words[at + 1] = connection;
    words[at + 2] = pos;
    words[at + 3] = cap;
    words[at + 4] = n;
    words[at + 5] = offered;
    words[at + 6] = words[TICK_MS] ?? 0;
    words[at + 7] = 0;
    this.#next = at + 8 === words.length ? this.#ringStart : at + 8;
    // In 32-bit halves: a comparison with 2^32 would turn the count into a float each time.
    const count = ((words[HEAD_LOW] ?? 0) + 1) | 0;
    words[HEAD_LOW] = count;
    if (this.#behind === 0) words[WRITTEN_LOW] = count;
    else this.#behind -= 1;
    if (count === 0) this.#carry();
  }

  /** The head has passed a multiple of 2^32. The low half comes first: who reads meanwhile sees too few, not too many. */
  #carry(): void {
    const words = this.#words;
    const high = (words[Header.HEAD_HIGH] ?? 0) + 1;
    words[Header.HEAD_HIGH] = high;
    if (this.#behind === 0) words[Header.WRITTEN_HIGH] = high;
  }

  /** Takes back the latest polls if they were the ones before over again, where they are counted now. */
  #collapse(): void {
    const words = this.#words;
    const before = words[HEAD_LOW] ?? 0;
    const records = this.#history.collapse(before, this.#idlePolls);
    if (records === 0) return;
    words[REPEATS] = ((words[REPEATS] ?? 0) + 1) | 0;
    const head = (before - records) | 0;
    // Back over a multiple of 2^32: the low half has become the greater one.
    if (head >>> 0 > before >>> 0) words[Header.HEAD_HIGH] = (words[Header.HEAD_HIGH] ?? 0) - 1;
    words[HEAD_LOW] = head;
    // Only now, and before a record is overwritten: a reader that has seen no rewind has copied none of those after it.
    words[REWINDS] = ((words[REWINDS] ?? 0) + 1) | 0;
    this.#behind += records;
    this.#next = this.#history.end;
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
