import { RelayscopeError } from '../../src/errors.ts';
import { Flag, Kind } from '../../src/trace/event-kind.ts';
import { Word, WORDS_PER_RECORD } from '../../src/trace/ring-layout.ts';
import { DiffPair, NONE, SIDES, type Side } from './diff-pair.ts';
import { CommonTexts } from './common-texts.ts';
import type { EventFilter } from './event-filter.ts';
import type { InspectedItem } from './inspected-item.ts';
import { RecordRuns, type RecordRun } from './record-runs.ts';
import { MAX_CONNECTIONS } from './trace-totals.ts';

/** So many records of each trace may wait for their counterparts: 48 bytes each. */
const MAX_WAITING = 1 << 20;

export interface DiffOptions {
  readonly filter: EventFilter;
  /** Compare this connection of the one with that of the other, and nothing else. */
  readonly only: Readonly<Record<Side, number>> | null;
}

export interface TraceDiff {
  readonly pairs: readonly DiffPair[];
  /** Connections that have no counterpart. */
  readonly unpaired: Readonly<Record<Side, readonly number[]>>;
  /** Whether the traces have the same steps, however often each is repeated. */
  readonly same: boolean;
}

/**
 * Compares two traces step by step, without times, sequence numbers, poll numbers and repeat counts. Connections are
 * paired in the order in which they appear, so that it does not matter how several take turns.
 *
 * Throws DIFF_TOO_FAR_APART.
 */
export async function diffTraces(
  good: AsyncIterable<InspectedItem>,
  bad: AsyncIterable<InspectedItem>,
  options: DiffOptions,
): Promise<TraceDiff> {
  const differ = new TraceDiffer(options);
  const iterators = { good: good[Symbol.asyncIterator](), bad: bad[Symbol.asyncIterator]() };
  try {
    for (let side = differ.nextSide(); side !== null; side = differ.nextSide()) {
      const next = await iterators[side].next();
      if (next.done === true) differ.end(side);
      else differ.add(side, next.value);
    }
  } finally {
    for (const side of SIDES) await iterators[side].return?.();
  }
  return differ.finish();
}

class TraceDiffer {
  readonly #only: DiffOptions['only'];
  readonly #runs: Readonly<Record<Side, RecordRuns>>;
  /** In the order in which their connections appear. */
  readonly #pairs: DiffPair[] = [];
  readonly #byConnection = { good: new Map<number, DiffPair>(), bad: new Map<number, DiffPair>() };
  readonly #texts = new CommonTexts();
  readonly #waiting: Record<Side, number> = { good: 0, bad: 0 };
  readonly #ended = { good: false, bad: false };
  /** Where the latest record of each side went: extensions follow it. */
  readonly #latest: Record<Side, DiffPair | null> = { good: null, bad: null };
  /** The latest gap of each side: a connection that appears after it may have begun in it. */
  readonly #gaps: Record<Side, RecordRun | null> = { good: null, bad: null };

  constructor({ filter, only }: DiffOptions) {
    this.#only = only;
    this.#runs = { good: new RecordRuns(filter), bad: new RecordRuns(filter) };
  }

  /** Whose turn it is to be read: the one that is behind. Null when both have ended. */
  nextSide(): Side | null {
    if (this.#ended.good) return this.#ended.bad ? null : 'bad';
    if (this.#ended.bad) return 'good';
    const { good, bad } = this.#waiting;
    if (Math.min(good, bad) > MAX_WAITING) {
      throw new RelayscopeError(
        'DIFF_TOO_FAR_APART',
        `Connections take turns too differently: expected at most ${MAX_WAITING} events to wait for their counterparts; compare two with --connection A:B`,
      );
    }
    return good <= bad ? 'good' : 'bad';
  }

  add(side: Side, item: InspectedItem): void {
    if (item.kind === 'string') this.#texts.add(side, item.id, item.text);
    const touched = new Set<DiffPair>();
    for (const run of this.#runs[side].of(item)) this.#addRun(side, run, touched);
    for (const pair of touched) this.#settle(pair);
  }

  end(side: Side): void {
    this.#ended[side] = true;
    for (const pair of this.#pairs) {
      pair.queues[side].ended = true;
      this.#settle(pair);
    }
  }

  finish(): TraceDiff {
    const lacking = (side: Side, other: Side): number[] =>
      this.#pairs.filter(({ connections }) => connections[other] === NONE).map(({ connections }) => connections[side]);
    const unpaired = { good: lacking('good', 'bad'), bad: lacking('bad', 'good') };
    const pairs = this.#pairs.filter(({ connections: { good, bad } }) => good !== NONE && bad !== NONE);
    const isPaired = unpaired.good.length === 0 && unpaired.bad.length === 0;
    return { pairs, unpaired, same: isPaired && pairs.every(({ outcome }) => outcome === 'same') };
  }

  #addRun(side: Side, run: RecordRun, touched: Set<DiffPair>): void {
    const { words, firstSeq } = run;
    // Extensions go where the record before them went, which may be that of another run.
    let pair = this.#latest[side];
    let connection: number | null = null;
    for (let at = 0; at < words.length; at += WORDS_PER_RECORD) {
      const kind = (words[at] ?? 0) & Flag.KIND_MASK;
      if (kind === Kind.GAP) {
        this.#gap(side, run, touched);
        return;
      }
      if (kind !== Kind.EXTENSION && connection !== words[at + Word.CONNECTION]) {
        connection = words[at + Word.CONNECTION] ?? NONE;
        pair = this.#pairOf(side, connection);
        this.#latest[side] = pair;
      }
      if (pair === null) continue;
      touched.add(pair);
      this.#push(side, pair, words, at, firstSeq + at / WORDS_PER_RECORD);
    }
  }

  #gap(side: Side, run: RecordRun, touched: Set<DiffPair>): void {
    this.#gaps[side] = run;
    for (const pair of this.#pairs) {
      if (pair.connections[side] === NONE) continue;
      this.#push(side, pair, run.words, 0, run.firstSeq);
      touched.add(pair);
    }
  }

  /** The pair that a connection belongs to, made where it first appears; null if it is not to be compared. */
  #pairOf(side: Side, connection: number): DiffPair | null {
    const known = this.#byConnection[side].get(connection);
    if (known !== undefined) return known;
    if (connection === NONE || this.#byConnection[side].size >= MAX_CONNECTIONS) return null;
    if (this.#only !== null && this.#only[side] !== connection) return null;
    let pair = this.#pairs[this.#byConnection[side].size];
    if (pair === undefined) {
      pair = new DiffPair(this.#texts);
      for (const each of SIDES) pair.queues[each].ended = this.#ended[each];
      this.#pairs.push(pair);
    }
    pair.connections[side] = connection;
    this.#byConnection[side].set(connection, pair);
    const gap = this.#gaps[side];
    if (gap !== null) this.#push(side, pair, gap.words, 0, gap.firstSeq);
    return pair;
  }

  #push(side: Side, pair: DiffPair, words: Int32Array, at: number, seq: number): void {
    const before = pair.waiting(side);
    const isFault = ((words[at] ?? 0) & Flag.KIND_MASK) === Kind.FAULT;
    if (isFault) pair.push(side, this.#texts.renumbered(side, words, at), 0, seq);
    else pair.push(side, words, at, seq);
    this.#waiting[side] += pair.waiting(side) - before;
  }

  #settle(pair: DiffPair): void {
    const [good, bad] = [pair.waiting('good'), pair.waiting('bad')];
    pair.advance();
    this.#waiting.good += pair.waiting('good') - good;
    this.#waiting.bad += pair.waiting('bad') - bad;
  }
}
