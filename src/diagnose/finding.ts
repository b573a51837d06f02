import type { Direction, Half } from '../poll/direction.ts';
import type { FindingClass } from './finding-class.ts';

/** Of a trace that allows more than one reading: how much speaks for one of them. */
export type Confidence = 'certain' | 'likely' | 'possible';

/** What is wrong with a copy, or with a stream of it, and the event that proves it. */
export interface Finding {
  readonly class: FindingClass;
  readonly connection: number;
  readonly direction: Direction;
  /** The half of the stream that is to blame, where it is one. */
  readonly half?: Half;
  /** The event that proves it. */
  readonly seq: number;
  readonly evidence: Evidence;
  /** What it means, in one plain sentence with the numbers. */
  readonly meaning: string;
  /** What to look at in the code of the stream, or of the relay. */
  readonly lookAt: string;
  /** Public issues where this was seen. */
  readonly seeAlso: readonly string[];
  readonly confidence: Confidence;
  /** Where the trace allows other readings: those, the likeliest first. This one is the likeliest of all. */
  readonly readings: readonly Reading[];
  /** How many more times the same was found: same class, connection and direction. */
  readonly more: number;
  /** Findings that this one explains, which are therefore not told apart from it. */
  readonly consequences: readonly Consequence[];
}

export interface Evidence {
  /** Numbers of events, in order, that show it; the proof is among them. */
  readonly events: readonly number[];
  readonly numbers: Readonly<Record<string, number>>;
}

export interface Reading {
  readonly class: FindingClass;
  /** Why the trace allows it. */
  readonly why: string;
}

export interface Consequence {
  readonly class: FindingClass;
  readonly direction: Direction;
  readonly seq: number;
}

/** What a detector has to say; what is always the same of a class is added to it. */
export interface Report {
  readonly class: FindingClass;
  readonly direction: Direction;
  readonly half?: Half;
  readonly seq: number;
  /** Other events that show it. */
  readonly events?: readonly number[];
  readonly numbers?: Readonly<Record<string, number>>;
  readonly meaning: string;
  /** Where this finding has more to say about where to look than the class. */
  readonly lookAt?: string;
  /** Default: certain. */
  readonly confidence?: Confidence;
  readonly readings?: readonly Reading[];
}
