import { Word, WORDS_PER_RECORD } from '../../src/trace/ring-layout.ts';
import type { TraceEvent } from '../../src/trace/trace-event.ts';
import { Texts } from './texts.ts';

/** Numbers of one trace that stand for no text known are told apart from those of the common list. */
const UNKNOWN = 0x40000000;
const MAX_TEXTS = 65_536;

/** The texts of two traces in one numbering: each trace has its own, in the order in which it came to need them. */
export class CommonTexts {
  readonly #texts = new Texts();
  readonly #ids = new Map<string, number>();
  readonly #common = { good: new Map<number, number>(), bad: new Map<number, number>() };
  readonly #record = new Int32Array(WORDS_PER_RECORD);

  add(side: 'good' | 'bad', id: number, text: string): void {
    if (this.#common[side].size >= MAX_TEXTS) return;
    const common = this.#ids.get(text) ?? this.#ids.size + 1;
    this.#ids.set(text, common);
    this.#texts.add(common, text);
    this.#common[side].set(id, common);
  }

  /** A fault's record with the common number of its text. Used again at the next call. */
  renumbered(side: 'good' | 'bad', words: Int32Array, at: number): Int32Array {
    this.#record.set(words.subarray(at, at + WORDS_PER_RECORD));
    const id = this.#record[Word.N] ?? 0;
    this.#record[Word.N] = this.#common[side].get(id) ?? UNKNOWN | id;
    return this.#record;
  }

  told(event: TraceEvent): TraceEvent {
    return this.#texts.told(event);
  }
}
