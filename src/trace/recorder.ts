import { RelayscopeError } from '../errors.ts';
import { systemClock, type Clock } from '../poll/clock.ts';
import { Flag, Kind } from './event-kind.ts';
import { extensionWords } from './extension.ts';
import { HEADER_WORDS, Header, MAX_REPEAT, RING_MAGIC, Word, WORDS_PER_RECORD, ringBytes } from './ring-layout.ts';

export interface RecorderOptions {
  /** How many of the first records are kept for good. Default: 4096. */
  keptRecords?: number;
  /** How many of the latest records are kept. Default: 28672, which with the kept ones makes 1 MiB. */
  ringRecords?: number;
  clock?: Clock;
}

/** Blocks of more records than this are not compared: a poll that long is not a tight loop. */
const MAX_BLOCK_RECORDS = 32;

/**
 * Records what a copy does, one fixed-size record per event, into a ring in shared memory that another thread can read
 * even while this one is frozen. A loop that repeats itself costs a count, not records.
 *
 * No clock per record: each poll is stamped finely, and every record bears the shared coarse tick.
 */
export class Recorder {
  /** Hand this to another thread, and read it there with `readRing`. */
  readonly buffer: SharedArrayBuffer;
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
  /** The latest record, as words and flags, for the collapse of a repeated `loop`. */
  #last = -1;
  #pollStart = -1;
  #previousPollStart = -1;
  #polls = 0;

  constructor(options: RecorderOptions = {}) {
    this.#kept = recordCount('keptRecords', options.keptRecords ?? 4096, 1);
    this.#ring = recordCount('ringRecords', options.ringRecords ?? 28672, MAX_BLOCK_RECORDS * 4);
    this.#clock = options.clock ?? systemClock;
    this.#startedMs = this.#clock.nowMs();
    this.buffer = new SharedArrayBuffer(ringBytes(this.#kept, this.#ring));
    this.#words = new Int32Array(this.buffer);
    this.#ringStart = HEADER_WORDS + this.#kept * WORDS_PER_RECORD;
    this.#words[Header.KEPT_RECORDS] = this.#kept;
    this.#words[Header.RING_RECORDS] = this.#ring;
    this.#words[Header.MAGIC] = RING_MAGIC;
  }

  /** Numbers a connection; each copy takes one. */
  openConnection(): number {
    this.#connections += 1;
    return this.#connections;
  }

  /** Begins a poll: collapses the previous one if it repeated the one before, and stamps this one. */
  poll(connection: number): void {
    if (this.#head - this.#pollStart === this.#pollStart - this.#previousPollStart) this.#collapsePoll();
    const elapsedMs = this.#clock.nowMs() - this.#startedMs;
    this.#words[Header.TICK_MS] = elapsedMs | 0;
    this.#polls += 1;
    this.#previousPollStart = this.#pollStart;
    this.#pollStart = this.#head;
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
    const last = this.#last;
    if (
      last !== -1 &&
      words[last] === (Kind.LOOP | flags) &&
      words[last + Word.POS] === pos &&
      words[last + Word.CAP] === cap &&
      words[last + Word.CONNECTION] === connection &&
      (words[last + Word.REPEAT] ?? MAX_REPEAT) < MAX_REPEAT
    ) {
      words[last + Word.REPEAT] = (words[last + Word.REPEAT] ?? 0) + 1;
      words[last + Word.OFFERED] = words[Header.TICK_MS] ?? 0;
      words[Header.REPEATS] = ((words[Header.REPEATS] ?? 0) + 1) | 0;
      return;
    }
    this.event(Kind.LOOP | flags, connection, pos, cap, 0, 0);
  }

  /**
   * Any other event. Numbers that are no 32-bit integers, and what is no number at all (a stream's wrong count),
   * go into an extension record.
   */
  event(head: number, connection: number, pos: number, cap: number, n: number, offered: number): void {
    if (pos === (pos | 0) && cap === (cap | 0) && n === (n | 0) && offered === (offered | 0)) {
      this.#append(head, connection, pos, cap, n, offered);
      return;
    }
    this.#append(head | Flag.EXTENDED, connection, pos | 0, cap | 0, n | 0, offered | 0);
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
    this.#last = at;
    this.#next = at + WORDS_PER_RECORD === words.length ? this.#ringStart : at + WORDS_PER_RECORD;
    this.#storeHead(this.#head + 1);
  }

  #moveTo(head: number): void {
    this.#next = this.#offset(head);
    this.#storeHead(head);
  }

  #storeHead(head: number): void {
    this.#head = head;
    this.#words[Header.HEAD_LOW] = head | 0;
    if (head >= 0x100000000) this.#words[Header.HEAD_HIGH] = Math.floor(head / 0x100000000);
  }

  #offset(index: number): number {
    const slot = index < this.#kept ? index : this.#kept + ((index - this.#kept) % this.#ring);
    return HEADER_WORDS + slot * WORDS_PER_RECORD;
  }

  /** If the poll just ended is the one before over again, drops it and counts it there. Both are of one length. */
  #collapsePoll(): void {
    const before = this.#previousPollStart;
    const start = this.#pollStart;
    const length = this.#head - start;
    if (before < 0 || length > MAX_BLOCK_RECORDS) return;
    const words = this.#words;
    for (let i = 0; i < length; i += 1) {
      const x = this.#offset(before + i);
      const y = this.#offset(start + i);
      if (words[x] !== words[y] || words[x + Word.CONNECTION] !== words[y + Word.CONNECTION]) return;
      // A poll record's own numbers are its time and number, which differ by nature.
      if ((i === 0) !== ((words[x] ?? 0) === Kind.POLL)) return;
      if (i === 0) continue;
      for (let word: number = Word.POS; word <= Word.OFFERED; word += 1)
        if (words[x + word] !== words[y + word]) return;
      if (words[x + Word.REPEAT] !== words[y + Word.REPEAT]) return;
    }
    const first = this.#offset(before);
    const repeat = words[first + Word.REPEAT] ?? 0;
    if (repeat === MAX_REPEAT) return;
    words[first + Word.REPEAT] = repeat + 1;
    words[first + Word.OFFERED] = words[Header.TICK_MS] ?? 0;
    words[Header.REPEATS] = ((words[Header.REPEATS] ?? 0) + 1) | 0;
    // The block that stays is again "the one before"; the next poll record overwrites the dropped one.
    this.#moveTo(start);
    this.#last = -1;
    this.#pollStart = before;
    this.#previousPollStart = -1;
  }
}

function recordCount(name: string, count: number, least: number): number {
  if (Number.isSafeInteger(count) && count >= least && count <= 0x3ffffff) return count;
  throw new RelayscopeError(
    'RECORDER_SIZE',
    `Wrong size of the recorder: expected ${name} of ${least} or more, got ${count}`,
  );
}
