import { Flag, Kind } from '../../src/trace/event-kind.ts';
import { WORDS_PER_RECORD } from '../../src/trace/ring-layout.ts';
import type { EventFilter } from './event-filter.ts';
import { gapRecord, type InspectedItem } from './inspected-item.ts';

/** Raw records with consecutive sequence numbers. */
export interface RecordRun {
  readonly words: Int32Array;
  readonly firstSeq: number;
}

/** Picks the records that pass a filter, in runs; extensions go with the record before them, and a gap stands for itself. */
export class RecordRuns {
  readonly #filter: EventFilter;
  #passing = false;

  constructor(filter: EventFilter) {
    this.#filter = filter;
  }

  *of(item: InspectedItem): Generator<RecordRun> {
    if (item.kind === 'gap') yield { words: gapRecord(item.missing), firstSeq: item.seq };
    if (item.kind !== 'records') return;
    const { words, firstSeq } = item;
    if (this.#filter.passesAll) {
      yield item;
      return;
    }
    let from = -1;
    for (let at = 0; at < words.length; at += WORDS_PER_RECORD) {
      const isExtension = ((words[at] ?? 0) & Flag.KIND_MASK) === Kind.EXTENSION;
      if (!isExtension) this.#passing = this.#filter.passes(words, at);
      if (this.#passing) {
        if (from === -1) from = at;
      } else if (from !== -1) {
        yield { words: words.subarray(from, at), firstSeq: firstSeq + from / WORDS_PER_RECORD };
        from = -1;
      }
    }
    if (from !== -1) yield { words: words.subarray(from), firstSeq: firstSeq + from / WORDS_PER_RECORD };
  }
}
