import { isExtension } from '../trace/decode-records.ts';
import { Flag } from '../trace/event-kind.ts';
import { WORDS_PER_RECORD } from '../trace/ring-layout.ts';

/** An event's four values at most stand in extensions after it. */
const MAX_EXTENSIONS = 4;

export interface HeldWords {
  readonly words: Int32Array;
  readonly firstSeq: number;
}

/**
 * Records come in pieces, and a piece may end within an event: a count that was no number stands in the record after it, and
 * without that it would be 0. So the last event of a piece is held back if it may go on.
 */
export class HeldRecords {
  #held: HeldWords | null = null;

  /** What was held back, and these after it; `apart` gets what was held back if these do not follow it. */
  joined(words: Int32Array, firstSeq: number, apart: (words: Int32Array, firstSeq: number) => void): HeldWords {
    const held = this.take();
    if (held === null) return { words, firstSeq };
    if (held.firstSeq + held.words.length / WORDS_PER_RECORD !== firstSeq) {
      apart(held.words, held.firstSeq);
      return { words, firstSeq };
    }
    const joined = new Int32Array(held.words.length + words.length);
    joined.set(held.words);
    joined.set(words, held.words.length);
    return { words: joined, firstSeq: held.firstSeq };
  }

  /** Holds back the last event if it may go on. @returns how many words come before it. */
  keepBack(words: Int32Array, firstSeq: number): number {
    const count = Math.floor(words.length / WORDS_PER_RECORD);
    let at = count - 1;
    while (at > 0 && count - at <= MAX_EXTENSIONS && isExtension(words, at)) at -= 1;
    if (at < 0 || ((words[at * WORDS_PER_RECORD] ?? 0) & Flag.EXTENDED) === 0) return words.length;
    if (isExtension(words, at) || count - 1 - at >= MAX_EXTENSIONS) return words.length;
    this.#held = { words: words.slice(at * WORDS_PER_RECORD), firstSeq: firstSeq + at };
    return at * WORDS_PER_RECORD;
  }

  /** What is held back, which is not held any more. */
  take(): HeldWords | null {
    const held = this.#held;
    this.#held = null;
    return held;
  }
}
