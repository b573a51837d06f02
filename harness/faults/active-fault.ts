import type { Clock } from '../../src/poll/clock.ts';
import type { Half } from '../../src/poll/direction.ts';
import { Flag, Kind } from '../../src/trace/event-kind.ts';
import type { Recorder } from '../../src/trace/recorder.ts';
import type { FaultDefinition } from './fault-definition.ts';
import type { FaultEntry, Side } from './fault-plan.ts';
import { prepareEntry } from './prepared-entry.ts';
import { SeededChance } from './seeded-chance.ts';
import type { Trigger } from './trigger.ts';

/** What faults need of the run or the connection that they break. */
export interface FaultContext {
  /** The connection's number in the trace, from 1. */
  readonly connection: number;
  /** Gets an event for each fault that fires. */
  readonly recorder: Recorder | null;
  /** Virtual or real. */
  readonly clock: Clock;
  /** Used if the plan has no seed of its own. Default: 1. */
  readonly seed?: number;
  /** Polls the copy from within a call, as a broken executor would. Default: such a fault only wakes. */
  readonly pollNow?: () => void;
  /** Blocks the thread of a runtime that puts off the wakes of a poll. Default: such a fault does nothing. */
  readonly blockThread?: () => void;
  /** Called whenever a fault fires, for a log. */
  readonly onFire?: (fault: ActiveFault) => void;
}

/** One entry of a plan. */
export interface FaultPlace {
  readonly definition: FaultDefinition;
  readonly entry: FaultEntry;
  readonly side: Side;
  readonly half: Half;
  /** Of the plan. */
  readonly seed: number;
  /** Which of the seed's generators. */
  readonly generator: number;
}

/**
 * One fault at one half of one side of one connection: counts what goes by, says when it is time, and records each time.
 * The fault asks `fires` before it does anything, so that its event stands before what it causes.
 */
export class ActiveFault {
  readonly definition: FaultDefinition;
  readonly entry: FaultEntry;
  readonly side: Side;
  readonly half: Half;
  /** With defaults. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** As the trace has it: `count (by 1)`. */
  readonly text: string;
  readonly context: FaultContext;
  readonly #trigger: Trigger;
  readonly #seed: number;
  readonly #generator: number;
  /** Made when they are first drawn from: most faults draw from neither. */
  #triggerChance: SeededChance | null = null;
  #ownChance: SeededChance | null = null;
  /** Of the connection; 0 where no time matters. */
  readonly #startedMs: number;
  readonly #head: number;
  readonly #textId: number;
  #calls = 0;
  #bytes = 0;
  #fired = 0;
  #firstMs = 0;

  constructor(place: FaultPlace, context: FaultContext) {
    const { definition, entry, side, half, seed, generator } = place;
    this.definition = definition;
    this.entry = entry;
    this.side = side;
    this.half = half;
    this.context = context;
    const { parameters, text, trigger } = prepareEntry(definition, entry);
    this.parameters = parameters;
    this.text = text;
    this.#trigger = trigger;
    this.#seed = seed;
    this.#generator = generator;
    this.#startedMs = trigger.kind === 'atMs' || trigger.forMs !== null ? context.clock.nowMs() : 0;
    // What side a writes, and what side b reads, is the direction b -> a.
    const isBToA = (side === 'a') === (half === 'write');
    this.#head = Kind.FAULT | (isBToA ? Flag.B_TO_A : 0) | (half === 'write' ? Flag.WRITE_HALF : 0);
    this.#textId = context.recorder?.notes.text(this.text) ?? 0;
  }

  /** For what the fault itself decides; the trigger draws from another one. */
  get chance(): SeededChance {
    return (this.#ownChance ??= this.#makeChance(0));
  }

  /** How often it has fired. */
  get fired(): number {
    return this.#fired;
  }

  /**
   * One more call (or frame) on which the fault can act. Returns whether it does, and then has recorded it.
   * `upcomingBytes`: what this call is about to move and `pass` has not been told yet.
   */
  fires(upcomingBytes = 0): boolean {
    this.#calls += 1;
    if (this.#fired >= this.#trigger.times || !this.#isTime(upcomingBytes)) return false;
    this.#fire();
    return true;
  }

  /** So many bytes have gone through this half. */
  pass(bytes: number): void {
    if (bytes > 0) this.#bytes += bytes;
  }

  #isTime(upcomingBytes: number): boolean {
    const { kind, at, forMs } = this.#trigger;
    if (forMs !== null && this.#fired > 0 && this.#elapsedMs() >= this.#firstMs + forMs) return false;
    switch (kind) {
      case 'always':
        return true;
      case 'call':
      case 'frame':
        return this.#calls >= at;
      case 'every':
        return this.#calls % at === 0;
      case 'byte':
        return this.#bytes + upcomingBytes >= at;
      case 'atMs':
        return this.#elapsedMs() >= at;
      case 'chance':
        return (this.#triggerChance ??= this.#makeChance(1)).next() < at;
    }
  }

  #makeChance(use: number): SeededChance {
    const { side, half, context } = this;
    const place = [context.connection, side === 'a' ? 0 : 1, half === 'read' ? 0 : 1];
    return new SeededChance(this.#seed, this.#generator, ...place, use);
  }

  #elapsedMs(): number {
    return this.context.clock.nowMs() - this.#startedMs;
  }

  #fire(): void {
    if (this.#fired === 0 && this.#trigger.forMs !== null) this.#firstMs = this.#elapsedMs();
    this.#fired += 1;
    const { recorder, connection, onFire } = this.context;
    recorder?.event(this.#head, connection, 0, 0, this.#textId, 0);
    onFire?.(this);
  }
}
