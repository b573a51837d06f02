import { Kind } from '../../src/trace/event-kind.ts';
import type { TraceEvent } from '../../src/trace/trace-event.ts';
import type { CommonTexts } from './common-texts.ts';
import { StepQueue } from './step-queue.ts';

/** So many events are shown before and after the parting ones. */
export const CONTEXT_EVENTS = 3;
/** Records that are kept from the parting ones on: an event has four extensions at most. */
const CONTEXT_RECORDS = 5 * (CONTEXT_EVENTS + 1);

/** The number of no connection: recorders count from 1. */
export const NONE = 0;

export const SIDES = ['good', 'bad'] as const;
export type Side = (typeof SIDES)[number];

/** What came of comparing one connection of each trace. */
export type PairOutcome =
  | 'same'
  /** The next steps differ. */
  | 'parted'
  /** One of the two has ended, the other goes on. */
  | 'ended'
  /** Records are missing in one of the two: nothing after that can be compared. */
  | 'gap';

export interface SideContext {
  readonly before: readonly TraceEvent[];
  /** From the parting event on; empty if it has ended. */
  readonly after: readonly TraceEvent[];
}

/** One connection of each trace, compared step by step as their records come. */
export class DiffPair {
  /** The connections' numbers in the two traces; NONE while one of them has not appeared. */
  readonly connections: Record<Side, number> = { good: NONE, bad: NONE };
  readonly queues: Readonly<Record<Side, StepQueue>> = { good: new StepQueue(), bad: new StepQueue() };
  /** Steps that were the same. */
  steps = 0;
  outcome: PairOutcome = 'same';
  /** The first step that stands a different number of times on the two sides; no difference by itself. */
  counts: { readonly step: number; readonly good: number; readonly bad: number } | null = null;
  #open = true;

  readonly #texts: CommonTexts;

  constructor(texts: CommonTexts) {
    this.#texts = texts;
  }

  /** Records that wait for their counterparts. */
  waiting(side: Side): number {
    return this.#open ? this.queues[side].length : 0;
  }

  push(side: Side, words: Int32Array, at: number, seq: number): void {
    // Once parted, only what is shown is of interest.
    if (!this.#open && this.queues[side].length >= CONTEXT_RECORDS) return;
    this.queues[side].push(words, at, seq);
  }

  /** Compares as far as both sides have come. */
  advance(): void {
    const { good, bad } = this.queues;
    while (this.#open && good.ready > 0 && bad.ready > 0) {
      if (good.kind === Kind.GAP || bad.kind === Kind.GAP) this.#close('gap');
      else if (good.matches(bad)) this.#pass();
      else this.#part();
    }
    if (!this.#open) return;
    const waiting = good.ready > 0 ? good : bad.ready > 0 ? bad : null;
    const other = waiting === good ? bad : good;
    if (waiting === null || !other.ended || other.length > 0) return;
    this.#close(waiting.kind === Kind.GAP ? 'gap' : 'ended');
  }

  context(side: Side): SideContext {
    const { before, after } = this.queues[side].around(CONTEXT_EVENTS, this.connections[side]);
    const told = (event: TraceEvent): TraceEvent => this.#texts.told(event);
    return { before: before.map(told), after: after.map(told) };
  }

  #pass(): void {
    const { good, bad } = this.queues;
    if (good.kind !== Kind.EXTENSION) {
      this.steps += 1;
      if (good.times !== bad.times) this.counts ??= { step: this.steps, good: good.times, bad: bad.times };
    }
    good.skip();
    bad.skip();
  }

  #part(): void {
    const { good, bad } = this.queues;
    if (good.kind === Kind.EXTENSION && bad.kind === Kind.EXTENSION) {
      // Their events had the same record: what differs is a value that did not fit into it.
      this.steps -= 1;
      good.rewindToEvent();
      bad.rewindToEvent();
    }
    this.#close('parted');
  }

  #close(outcome: PairOutcome): void {
    this.outcome = outcome;
    this.#open = false;
    // A million records may wait here, which nobody counts any more.
    for (const side of SIDES) this.queues[side].trim(CONTEXT_RECORDS);
  }
}
