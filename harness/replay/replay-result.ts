import type { CopyCounts } from '../../src/copy/copy-error.ts';
import type { Finding } from '../../src/diagnose/finding.ts';
import type { Direction } from '../../src/poll/direction.ts';
import type { RunOutcomeName } from '../scenario/scenario.ts';

/** What came of a replay, however it was driven. */
export interface ReplayResult {
  readonly outcome: RunOutcomeName;
  readonly direction: Direction | null;
  /** Of the error that it failed with. */
  readonly code: string | null;
  /** What arrived of what a said, and of what b said. */
  readonly arrived: readonly [Uint8Array, Uint8Array];
  /** What the copy reported; null: a relay that reports nothing. */
  readonly counts: CopyCounts | null;
  /** What each half waits for, in words, if it is stuck. */
  readonly waits: readonly string[];
  /** What its trace is found to suffer from; of a relay of somebody else there is none. */
  readonly findings: readonly Finding[];
}
