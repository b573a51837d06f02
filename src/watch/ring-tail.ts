import { openRing } from '../trace/ring-memory.ts';
import { Header, Word, WORDS_PER_RECORD, recordOffset } from '../trace/ring-layout.ts';

/** So many of the latest records may still change: repeats are counted in them, and polls are taken back. */
const TAIL_RECORDS = 512;

export interface RingTailListener {
  /** A record that was not there before; `words[at]` is its first word. */
  record(words: Int32Array, at: number): void;
  /** A loop or poll that was there before has come `times` more. */
  repeat(words: Int32Array, at: number, times: number): void;
}

/** Follows a recorder's ring from another thread: what is new since the last look, once each. */
export class RingTail {
  readonly #words: Int32Array;
  readonly #listener: RingTailListener;
  readonly #kept: number;
  readonly #ring: number;
  /** The latest records as they were seen last. */
  readonly #seen = new Int32Array(TAIL_RECORDS * WORDS_PER_RECORD);
  #head = 0;
  #repeats = 0;
  #rewinds = 0;
  /** Records that were overwritten before they were seen. */
  missed = 0;

  /** Throws RING_MALFORMED if the memory is no recorder's. */
  constructor(buffer: SharedArrayBuffer, listener: RingTailListener) {
    this.#words = openRing(buffer);
    this.#listener = listener;
    this.#kept = this.#at(Header.KEPT_RECORDS);
    this.#ring = this.#at(Header.RING_RECORDS);
  }

  /** Sets the coarse clock of the ring, which its own thread cannot read while it is frozen. */
  setTick(nowMs: number): void {
    this.#words[Header.TICK_MS] = nowMs | 0;
  }

  /** Repeats up to the last look, of loops and of polls; wraps at 32 bits. */
  get repeats(): number {
    return this.#repeats;
  }

  /** Records so far; wraps at 32 bits. */
  get written(): number {
    return this.#at(Header.WRITTEN_LOW);
  }

  /** @returns whether there was anything new. */
  read(): boolean {
    const rewinds = Atomics.load(this.#words, Header.REWINDS);
    const repeats = this.#at(Header.REPEATS);
    const head = this.#long(Header.HEAD_LOW, Header.HEAD_HIGH);
    if (head === this.#head && repeats === this.#repeats && rewinds === this.#rewinds) return false;
    const isSettled = repeats === this.#repeats && rewinds === this.#rewinds;
    let seq = isSettled ? this.#head : this.#compare(Math.min(head, this.#head));
    this.#rewinds = rewinds;
    this.#repeats = repeats;
    const oldest = this.#long(Header.WRITTEN_LOW, Header.WRITTEN_HIGH) - this.#ring;
    if (seq >= this.#kept && seq < oldest) {
      this.missed += oldest - seq;
      seq = oldest;
    }
    for (; seq < head; seq += 1) {
      const at = recordOffset(seq, this.#kept, this.#ring);
      this.#remember(seq, at);
      this.#listener.record(this.#words, at);
    }
    this.#head = head;
    return true;
  }

  /** Goes over the latest records up to `end`; returns the first that is another one now, or `end`. */
  #compare(end: number): number {
    for (let seq = Math.max(0, this.#head - TAIL_RECORDS); seq < end; seq += 1) {
      const at = recordOffset(seq, this.#kept, this.#ring);
      const seen = (seq % TAIL_RECORDS) * WORDS_PER_RECORD;
      for (let word = 0; word < Word.OFFERED; word += 1)
        if (this.#words[at + word] !== this.#seen[seen + word]) return seq;
      const times = this.#at(at + Word.REPEAT) - (this.#seen[seen + Word.REPEAT] ?? 0);
      if (times < 0) return seq;
      this.#remember(seq, at);
      if (times > 0) this.#listener.repeat(this.#words, at, times);
    }
    return end;
  }

  #remember(seq: number, at: number): void {
    const seen = (seq % TAIL_RECORDS) * WORDS_PER_RECORD;
    for (let word = 0; word < WORDS_PER_RECORD; word += 1) this.#seen[seen + word] = this.#at(at + word);
  }

  #long(low: number, high: number): number {
    return this.#at(high) * 0x100000000 + (this.#at(low) >>> 0);
  }

  #at(index: number): number {
    return this.#words[index] ?? 0;
  }
}
