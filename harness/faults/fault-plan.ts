import type { Half } from '../../src/poll/direction.ts';

/** What breaks in a run, on purpose: a list of faults and one seed. The plan of a document, a capsule, or a file. */
export interface FaultPlan {
  /** All chance comes from here. Default: the scenario's, else 1. */
  readonly seed?: number;
  /** They compose in this order: the first is nearest to the stream. */
  readonly faults: readonly FaultEntry[];
}

/** Which end of the relay. */
export type Side = 'a' | 'b';

/** One fault, where it acts, and when. Further fields are the fault's own (`relayscope list faults`). */
export interface FaultEntry {
  /** Its name: `count`, `close-lost`, `latency`. */
  readonly fault: string;
  /** Which end of the relay. Default: both. */
  readonly side?: Side;
  /** Default: the half that the fault is about. */
  readonly half?: Half;
  /** Which connection, from 1. Default: each. */
  readonly connection?: number;
  /** Default: always. */
  readonly when?: FaultTrigger;
  /** How often it fires at most. Default: once for `call`, `byte`, `frame` and `atMs` without `forMs`, else without end. */
  readonly times?: number;
  /** For how long it may fire after the first time, in milliseconds. */
  readonly forMs?: number;
  /**
   * Which of the seed's generators it draws from. Default: its place in the list, from 1. Who takes entries out of a list
   * writes this into those that stay (`pinGenerators`), so that their chances stay what they were.
   */
  readonly generator?: number;
  readonly [parameter: string]: unknown;
}

/** When a fault fires: one of these. Calls, bytes and frames are counted for each side and half, from 1. */
export type FaultTrigger =
  | { readonly call: number }
  | { readonly every: number }
  /** At the call that reaches this byte. */
  | { readonly byte: number }
  /** WebSocket level. */
  | { readonly frame: number }
  /** Since the connection began. */
  | { readonly atMs: number }
  /** With this probability, 0 … 1, at each call. */
  | { readonly chance: number };

/** The same plan with each entry's generator written down: entries may then be taken out without changing the others. */
export function pinGenerators(plan: FaultPlan): FaultPlan {
  return { ...plan, faults: plan.faults.map((entry, index) => ({ generator: index + 1, ...entry })) };
}
