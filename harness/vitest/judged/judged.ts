import type { CopyCounts } from '../../../src/copy/copy-error.ts';
import type { Direction } from '../../../src/poll/direction.ts';
import type { VerdictOutcome } from '../../../src/trace/trace-note.ts';
import type { JudgedTrace } from './judged-trace.ts';

/** How what is judged stands. `open`: not over, and nothing says that it is stuck. */
export type JudgedOutcome = Exclude<VerdictOutcome, 'busy' | 'recovered'> | 'open';

/** What the sinks really got. */
export interface Delivered {
  readonly aToB: Uint8Array;
  readonly bToA: Uint8Array;
}

/**
 * What a matcher judges, made out of whatever it is given by `judge`: a run, a document, a copy, a recorder, a trace, a live relay.
 * What a subject cannot tell is null.
 */
export interface Judged {
  /** What it is, for a person: `a run in memory`. */
  readonly what: string;
  readonly outcome: JudgedOutcome;
  /** In which direction it got stuck or failed. */
  readonly direction: Direction | null;
  /** What is to be said of the outcome, in one sentence. */
  readonly message: string | null;
  /** failed: the code of its error. */
  readonly code: string | null;
  /** The codes of what caused that, the nearest first: of STREAM_FAILED, what its stream failed with. */
  readonly causes: readonly string[];
  /** As reported. */
  readonly counts: CopyCounts | null;
  readonly delivered: Delivered | null;
  /** What each half waits for, in words. */
  readonly waits: readonly string[];
  readonly trace: JudgedTrace | null;
  /** Where its trace is already; of what is live, where it will be once it is over. */
  readonly tracePath: string | null;
  /** The command that makes it again. null: running the test does. */
  readonly repeat: string | null;
  /** Of a document with runs that are not as it says: which, as lines for a person. Then no matcher passes. */
  readonly complaints: readonly string[];
}

/** What nothing is known of, for those who fill in the rest. */
export const NOTHING_KNOWN = {
  direction: null,
  message: null,
  code: null,
  causes: [],
  counts: null,
  delivered: null,
  waits: [],
  trace: null,
  tracePath: null,
  repeat: null,
  complaints: [],
} satisfies Omit<Judged, 'what' | 'outcome'>;
