import type { CopyCounts } from '../../src/copy/copy-error.ts';
import type { FindingClass } from '../../src/diagnose/finding-class.ts';
import type { Direction, Half } from '../../src/poll/direction.ts';
import type { ExtendedValue } from '../../src/trace/extension.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import type { EngineName } from '../sim/engines/engine-names.ts';
import type { ScriptEntry } from '../sim/script.ts';
import type { LiveSetup } from './live/live-setup.ts';

/**
 * One scenario as it is run: what a document (prose with a `yaml` block) and a capsule (JSON) both parse to. The entries
 * of recorded calls (fixtures/tokio/README.md) are a part of its grammar.
 */
export interface Scenario {
  readonly title: string;
  /** It is run in each of these. */
  readonly dialects: readonly string[];
  readonly options: ScenarioOptions;
  /** Of payload and of the plan's chance. */
  readonly seed: number;
  readonly a: SideScript;
  readonly b: SideScript;
  readonly plan: FaultPlan;
  readonly expect: Expectation;
  /** With a and b swapped: other expectations, or why it is not run so. Default: the same, mirrored. */
  readonly swapped?: Expectation | { readonly not: string };
  /**
   * At other chunk sizes: other expectations, or why it is not run so. Default: the same, but for what depends on how the
   * bytes are cut (events, never, golden).
   */
  readonly chunks?: Expectation | { readonly not: string };
  /** With real sockets instead of `a` and `b`. */
  readonly live?: LiveSetup;
  /** Of a capsule: what wrote it, and what it ran on. */
  readonly versions?: Readonly<Record<string, string>>;
  /** Of a capsule: the property that fails with it, as fast-check is told to try it again: `fc.assert(property, { seed, path })`. */
  readonly property?: { readonly seed: number; readonly path: string };
}

export interface ScenarioOptions {
  /** Another engine than ours, with a defect. Default: ours. */
  readonly engine?: EngineName;
  readonly debugAssertions?: boolean;
  readonly coopBudget?: boolean;
  readonly bufferBytes?: number | { readonly aToB: number; readonly bToA: number };
  readonly halfCloseTimeoutMs?: number;
  /** A run that takes more is `unfinished`. */
  readonly maxPolls?: number;
  /** Polls, the calls of each, and timers: a run that takes more is ended. */
  readonly maxSteps?: number;
  /** Given in one direction, or taken. */
  readonly maxBytes?: number;
  /** In the run's own, virtual time. */
  readonly maxMs?: number;
}

/** What a side's stream answers, call by call. */
export interface SideScript {
  readonly read?: readonly SideEntry[];
  readonly write?: readonly SideEntry[];
  readonly flush?: readonly SideEntry[];
  readonly shutdown?: readonly SideEntry[];
}

/**
 * An entry of recorded calls (a count of bytes that the seed makes up, `p`, `x`, `e`, `z`, `{ d }`), or:
 * `{ text }`, `{ hex }`: so many bytes, and which; `{ bytes }`: so many of the seed's, in as many reads as it takes.
 * `{ waitMs }`: Pending, woken after so long. `{ received }`: Pending until this side has got so many bytes in all, woken
 * then; with `waitMs`, so long after. `{ returns }`: what is no count, as a trace writes it.
 */
export type SideEntry =
  | ScriptEntry
  | { readonly text: string }
  | { readonly hex: string }
  | { readonly bytes: number }
  | { readonly waitMs: number }
  | { readonly received: number; readonly waitMs?: number }
  | { readonly returns: ExtendedValue }
  /** Bytes of a file beside the document, from so many on. It is a `literal` once the document is read. */
  | { readonly file: string; readonly from: number; readonly bytes: number }
  /** As `hex`, of any length: what a program hands over. No document has it. */
  | { readonly literal: Uint8Array };

export const RUN_OUTCOMES = [
  'completed',
  'failed',
  'spinning',
  'livelocked',
  'parked',
  'starved',
  'unfinished',
] as const;
export type RunOutcomeName = (typeof RUN_OUTCOMES)[number];

/** The laws that are checked in every run: harness/sim/laws/, one file each. */
export const LAWS = [
  /** What a sink got is what its source gave, in order, nothing twice; all of it if the copy completes. */
  'conservation',
  /** What was reported as written is what was taken. */
  'accounting',
  /** The end is passed on once, after all bytes. */
  'end-once',
  /** No call of a half after it is done. */
  'quiet-after-done',
  /** No Pending without a registered waker. */
  'waker',
  /** No loop without end: within a poll, or of polls that move nothing. */
  'bounded',
] as const;
export type Law = (typeof LAWS)[number];

export interface ExpectedFinding {
  readonly class: FindingClass;
  readonly direction: Direction;
}

/** What must come out. What is left out is not checked. */
export interface Expectation {
  readonly outcome: RunOutcomeName;
  /** In which direction it got stuck or failed. */
  readonly direction?: Direction;
  /** failed: the CopyError's code. */
  readonly code?: string;
  /** By the counts that were reported. */
  readonly counts?: Partial<CopyCounts>;
  /** What the sinks really got. */
  readonly delivered?: { readonly aToB?: number | string; readonly bToA?: number | string };
  /** Which laws are broken; none unless named. */
  readonly breaks?: readonly Law[];
  /**
   * Names of the plan's faults that do not fire, and matter all the same: a writer that would lie about its flush holds bytes back
   * before it does. Of any other a document expects that it fires.
   */
  readonly unfired?: readonly string[];
  /** parked: the halves that wait, and whether anybody could wake them. */
  readonly waits?: readonly { readonly direction: Direction; readonly half: Half; readonly waker?: boolean }[];
  /** Beginnings of lines as `relayscope inspect` shows them, without numbers and times, that come in this order. */
  readonly events?: readonly string[];
  /** Beginnings of lines that no event may have. */
  readonly never?: readonly string[];
  /**
   * What the trace is found to suffer from: the leading findings, all of them, in any order. None: `[]`. At other chunk sizes
   * only that there are none is expected, unless stated; looked at are sizes that are powers of two.
   */
  readonly findings?: readonly ExpectedFinding[];
  /** A golden trace, by its path from the top of the checkout. */
  readonly golden?: string;
}
