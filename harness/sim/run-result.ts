import type { CopyCounts, CopyError } from '../../src/copy/copy-error.ts';
import type { Direction, Half } from '../../src/poll/direction.ts';
import type { Law, RunOutcomeName } from '../scenario/scenario.ts';

/** What came of one run in memory. Reading it copies nothing; it is good until its world runs again. */
export interface RunResult {
  readonly outcome: RunOutcomeName;
  readonly direction: Direction | null;
  readonly error: CopyError | null;
  /** As reported. */
  readonly counts: CopyCounts;
  /** What the sinks got. */
  readonly delivered: { readonly aToB: Uint8Array; readonly bToA: Uint8Array };
  readonly polls: number;
  /** Polls, the calls of each, and timers: how long it took to make, as a count. */
  readonly steps: number;
  /** Virtual time that passed, in milliseconds. */
  readonly elapsedMs: number;
  /** The halves that wait, if it is parked. */
  readonly waits: readonly WaitingHalf[];
  readonly broken: readonly BrokenLaw[];
}

export interface WaitingHalf {
  readonly direction: Direction;
  readonly half: Half;
  /** Whether a waker is registered, even if nobody is left to call it. */
  readonly waker: boolean;
}

export interface BrokenLaw {
  readonly law: Law;
  readonly direction: Direction;
  /** One sentence with the numbers. */
  readonly message: string;
  /** The record of the trace at which it showed, if there was a recorder. */
  readonly seq: number | null;
}
