import { Flag, Kind } from '../../src/trace/event-kind.ts';
import { Word, WORDS_PER_RECORD } from '../../src/trace/ring-layout.ts';
import type { TraceEvent } from '../../src/trace/trace-event.ts';
import { findCycle } from './find-cycle.ts';
import { recordKey } from './record-key.ts';
import type { RecordWindow } from './record-window.ts';

/** So many records at most make one round. */
export const MAX_PERIOD = 1024;
/**
 * Where a round is looked for: enough to hold what was too short at the last look, and the slice that came since, so
 * that a cycle is always found with its beginning.
 */
export const SEARCHED_RECORDS = 8192;
/** So many of the latest records tell quickly that nothing goes round. */
const COMPARED_RECORDS = 32;
/** So many polls at most were counted together by the recorder (MAX_CYCLE_POLLS), and as many may stand unfinished after them. */
const MAX_POLLS = 8;
const STEPS_BEFORE = 8;

/** What a trace goes round in at its end. */
export interface Loop {
  /** One round. */
  readonly events: readonly TraceEvent[];
  /** What led to it. */
  readonly before: readonly TraceEvent[];
  readonly rounds: number;
  readonly firstTickMs: number;
  readonly lastTickMs: number;
  /** Bytes that the writes of one round report: with any, it may be honest work. */
  readonly bytesPerRound: number;
}

/** A run of rounds that goes on so far. Indices are those of the window. */
interface Run {
  readonly period: number;
  readonly before: readonly TraceEvent[];
  readonly events: readonly TraceEvent[];
  readonly firstTickMs: number;
  /** Records of it so far. */
  length: number;
  /** How often its records stand, by their repeat counts: all, and the polls among them. */
  stands: number;
  pollStands: number;
  polls: number;
}

/**
 * Finds the shortest repeating cycle at the end of a trace of any length, in one pass: a cycle that was found is
 * followed record by record; while there is none, the latest records are searched now and then.
 */
export class CycleTracker {
  readonly #window: RecordWindow;
  readonly #keys = new Int32Array(2 * SEARCHED_RECORDS);
  #run: Run | null = null;

  /** @param window holds at least SEARCHED_RECORDS, and is given each slice before this. */
  constructor(window: RecordWindow) {
    this.#window = window;
  }

  /** Adds at most SLICE_RECORDS records, which are the last of the window. */
  add(words: Int32Array): void {
    const mask = this.#keys.length - 1;
    let index = this.#window.end - words.length / WORDS_PER_RECORD;
    for (let at = 0; at < words.length; at += WORDS_PER_RECORD) {
      const key = recordKey(words, at);
      this.#keys[index & mask] = key;
      const run = this.#run;
      if (run !== null) {
        if (this.#keys[(index - run.period) & mask] === key) extend(run, words[at] ?? 0, words[at + Word.REPEAT] ?? 0);
        else this.#run = null;
      }
      index += 1;
    }
    if (this.#run === null) this.#search();
  }

  /** What the trace goes round in where it ends, if it does. */
  loop(): Loop | null {
    const run = this.#run;
    if (run === null) return this.#collapsed();
    return {
      events: run.events,
      before: run.before,
      rounds: rounds(run),
      firstTickMs: run.firstTickMs,
      lastTickMs: this.#lastTick(this.#window.end - 1),
      bytesPerRound: bytesOf(run.events),
    };
  }

  #search(): void {
    const { end } = this.#window;
    if (!this.#mayGoRound(end)) return;
    const from = Math.max(this.#window.start, end - SEARCHED_RECORDS);
    const keys = new Int32Array(end - from);
    for (let i = from; i < end; i += 1) keys[i - from] = this.#keys[i & (this.#keys.length - 1)] ?? 0;
    const cycle = findCycle(keys, MAX_PERIOD);
    if (cycle === null) return;
    const start = this.#roundStart(from + cycle.start, cycle.period);
    const run: Run = {
      period: cycle.period,
      before: this.#window.events(this.#window.back(start, STEPS_BEFORE), start),
      events: this.#window.events(start, start + cycle.period),
      firstTickMs: this.#window.word(start, Word.TICK_MS) >>> 0,
      length: 0,
      stands: 0,
      pollStands: 0,
      polls: 0,
    };
    for (let i = start; i < end; i += 1)
      extend(run, this.#window.word(i, Word.HEAD), this.#window.word(i, Word.REPEAT));
    this.#run = run;
  }

  /** Whether the latest records stood there one and two rounds ago, for any length of a round: else none is there to find. */
  #mayGoRound(end: number): boolean {
    const keys = this.#keys;
    const mask = keys.length - 1;
    for (let period = 1; period <= MAX_PERIOD; period += 1) {
      let same = 0;
      while (same < COMPARED_RECORDS) {
        const at = end - 1 - same;
        const key = keys[at & mask];
        if (key !== keys[(at - period) & mask] || key !== keys[(at - 2 * period) & mask]) break;
        same += 1;
      }
      if (same >= Math.min(period, COMPARED_RECORDS)) return true;
    }
    return false;
  }

  /** A round begins with a poll, if it has one, or else ends with an iteration. */
  #roundStart(start: number, period: number): number {
    for (let i = start; i < start + period; i += 1) if (this.#window.kind(i) === Kind.POLL) return i;
    for (let i = start; i < start + period; i += 1) {
      if (this.#endsIteration(i + period - 1)) return i;
    }
    return start;
  }

  #endsIteration(index: number): boolean {
    const mark = this.#window.word(index, Word.N);
    return this.#window.kind(index) === Kind.LOOP && (mark === 0 || mark === 4);
  }

  /** A cycle that the recorder has counted already: a loop, or polls in a row with the same repeat count. */
  #collapsed(): Loop | null {
    const window = this.#window;
    const last = window.end - 1;
    if (last < window.start) return null;
    if (window.kind(last) === Kind.LOOP && window.word(last, Word.REPEAT) > 0) return this.#counted(last, window.end);
    const polls = this.#lastPolls();
    // Behind the counted ones a round may have begun that is not complete.
    const at = polls.findIndex((index) => window.word(index, Word.REPEAT) > 0);
    if (at === -1 || !this.#repeatsFrom(polls.slice(0, at), polls.slice(at))) return null;
    const times = window.word(polls[at] ?? 0, Word.REPEAT);
    let first = at;
    while (first + 1 < polls.length && window.word(polls[first + 1] ?? 0, Word.REPEAT) === times) first += 1;
    return this.#counted(polls[first] ?? 0, at === 0 ? window.end : (polls[at - 1] ?? 0));
  }

  /** Where the latest polls begin, the last one first. */
  #lastPolls(): number[] {
    const polls: number[] = [];
    const oldest = Math.max(this.#window.start, this.#window.end - SEARCHED_RECORDS);
    for (let i = this.#window.end - 1; i >= oldest && polls.length < 2 * MAX_POLLS; i -= 1) {
      if (this.#window.kind(i) === Kind.POLL) polls.push(i);
    }
    return polls;
  }

  /** Whether the polls after the counted ones are again the counted ones, as far as they go. Both: the last first. */
  #repeatsFrom(after: readonly number[], counted: readonly number[]): boolean {
    if (after.length === 0) return true;
    const times = this.#window.word(counted[0] ?? 0, Word.REPEAT);
    let polls = 0;
    while (polls < counted.length && this.#window.word(counted[polls] ?? 0, Word.REPEAT) === times) polls += 1;
    if (after.length > polls) return false;
    const first = counted[polls - 1] ?? 0;
    const begin = after.at(-1) ?? 0;
    for (let i = begin; i < this.#window.end; i += 1) {
      if (this.#keys[i & (this.#keys.length - 1)] !== this.#keys[(first + i - begin) & (this.#keys.length - 1)])
        return false;
    }
    return true;
  }

  #counted(from: number, to: number): Loop {
    const events = this.#window.events(from, to);
    return {
      events,
      before: this.#window.events(this.#window.back(from, STEPS_BEFORE), from),
      rounds: 1 + this.#window.word(from, Word.REPEAT),
      firstTickMs: this.#window.word(from, Word.TICK_MS) >>> 0,
      lastTickMs: Math.max(this.#lastTick(from), this.#lastTick(this.#window.end - 1)),
      bytesPerRound: bytesOf(events),
    };
  }

  #lastTick(index: number): number {
    const repeated = this.#window.word(index, Word.REPEAT) > 0;
    return this.#window.word(index, repeated ? Word.OFFERED : Word.TICK_MS) >>> 0;
  }
}

function extend(run: Run, head: number, repeat: number): void {
  run.length += 1;
  run.stands += 1 + repeat;
  if ((head & Flag.KIND_MASK) !== Kind.POLL) return;
  run.polls += 1;
  run.pollStands += 1 + repeat;
}

function rounds({ period, length, stands, polls, pollStands }: Run): number {
  if (period === 1) return stands;
  if (polls === 0) return Math.floor(length / period);
  const pollsPerRound = Math.max(1, Math.round((polls * period) / length));
  return Math.floor(pollStands / pollsPerRound);
}

function bytesOf(events: readonly TraceEvent[]): number {
  return events.reduce((sum, { kind, n }) => (kind === 'write' && typeof n === 'number' && n > 0 ? sum + n : sum), 0);
}
