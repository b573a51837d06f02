import type { Direction, Half } from '../poll/direction.ts';
import { PENDING } from '../poll/pending.ts';
import { Flag, Kind } from '../trace/event-kind.ts';
import { decodeExtension, EXTENSION_FIELD_SHIFT, type ExtendedValue } from '../trace/extension.ts';
import { Word, WORDS_PER_RECORD } from '../trace/ring-layout.ts';

/**
 * One event as the detectors see it: the same object for each, filled anew, so that a fold over millions of records makes
 * no garbage. Nobody keeps it.
 */
export class SeenEvent {
  seq = 0;
  /** A code of `Kind`. */
  kind = 0;
  head = 0;
  connection = 0;
  /** In unwrapped milliseconds since the trace began. */
  tickMs = 0;
  pos = 0;
  cap = 0;
  /** As returned: PENDING, a count; NaN where it was no number, and `strange` then has it. */
  n = 0;
  offered = 0;
  /** What was returned if it was no number: `undefined`, a text. */
  strange: ExtendedValue | null = null;
  /** How many more times it stood there: a loop alone, a poll with its events. */
  repeat = 0;
  lastTickMs = 0;

  get isDown(): boolean {
    return (this.head & Flag.B_TO_A) !== 0;
  }

  get direction(): Direction {
    return this.isDown ? 'b -> a' : 'a -> b';
  }

  /** Of the calls, that of the call; of a note or a waker, whose it is. */
  get half(): Half {
    if (this.kind === Kind.READ) return 'read';
    if (this.kind >= Kind.WRITE && this.kind <= Kind.SHUTDOWN) return 'write';
    return (this.head & Flag.WRITE_HALF) === 0 ? 'read' : 'write';
  }

  get isPending(): boolean {
    return this.n === PENDING && !this.hasFailed;
  }

  get hasFailed(): boolean {
    return (this.head & Flag.FAILED) !== 0;
  }

  get readDone(): boolean {
    return (this.head & Flag.READ_DONE) !== 0;
  }

  get needFlush(): boolean {
    return (this.head & Flag.NEED_FLUSH) !== 0;
  }

  /** 0 running, 1 shutting down, 2 done. */
  get state(): number {
    return (this.head >>> Flag.STATE_SHIFT) & Flag.STATE_MASK;
  }

  /** Fills it from a record and its extensions, which end before record `next`. */
  fill(words: Int32Array, index: number, next: number, seq: number): void {
    const at = index * WORDS_PER_RECORD;
    const head = words[at] ?? 0;
    this.seq = seq;
    this.head = head;
    this.kind = head & Flag.KIND_MASK;
    this.connection = words[at + 1] ?? 0;
    this.pos = words[at + 2] ?? 0;
    this.cap = words[at + 3] ?? 0;
    this.n = words[at + 4] ?? 0;
    this.offered = words[at + 5] ?? 0;
    this.tickMs = (words[at + 6] ?? 0) >>> 0;
    this.repeat = words[at + 7] ?? 0;
    this.lastTickMs = this.repeat > 0 ? this.offered >>> 0 : this.tickMs;
    if (this.strange !== null) this.strange = null;
    if (next > index + 1) this.#extend(words, index + 1, next);
  }

  #extend(words: Int32Array, from: number, to: number): void {
    for (let index = from; index < to; index += 1) {
      const at = index * WORDS_PER_RECORD;
      const value = decodeExtension(
        words[at + 1] ?? 0,
        words[at + 2] ?? 0,
        words[at + 3] ?? 0,
        words[at + 4] ?? 0,
        words[at + 5] ?? 0,
      );
      const number = value.type === 'number' ? Number(value.value) : Number.NaN;
      switch ((words[at] ?? 0) >>> EXTENSION_FIELD_SHIFT) {
        case Word.POS:
          this.pos = number;
          break;
        case Word.CAP:
          this.cap = number;
          break;
        case Word.N:
          this.n = number;
          if (value.type !== 'number') this.strange = value;
          break;
        case Word.OFFERED:
          this.offered = number;
          break;
      }
    }
  }
}
