import type { StackFrame, Verdict, VerdictOutcome } from '../../src/trace/trace-note.ts';
import type { LoopFrame } from './compare-stacks.ts';
import type { SocketReport } from './socket-report.ts';

/** What was seen of a process. */
export interface AttachReport {
  readonly pid: number;
  readonly command: string;
  /** Of Node, as `v26.10.0`; null if it could not be asked. */
  readonly runtime: string | null;
  readonly outcome: VerdictOutcome;
  readonly loop: NonNullable<Verdict['loop']> | null;
  /** One plain sentence with the numbers. */
  readonly message: string;
  /** `main`, or `worker 3`: whose verdict and stack this is. */
  readonly thread: string;
  /** Share of one processor that the main thread used, 0 … 1; null where the kernel does not tell. */
  readonly cpu: number | null;
  /** Turns of its event loop in a second; null where Node does not count them. */
  readonly turnsPerSecond: number | null;
  readonly watchedMs: number;
  /** Innermost first; empty for a thread that waits. */
  readonly frames: readonly StackFrame[];
  readonly omittedFrames: number;
  /** In which function it goes round, and what stayed as it was. */
  readonly loopFrame: LoopFrame | null;
  readonly sockets: readonly SocketReport[];
  readonly omittedSockets: number;
  /** What the other threads do, one sentence each. */
  readonly workers: readonly { readonly thread: string; readonly outcome: VerdictOutcome; readonly message: string }[];
  /** What could not be done, or is not as it was. */
  readonly warnings: readonly string[];
  /** The file that the trace was saved to. */
  readonly trace: string | null;
}

/** Outcomes of a program that is stuck, by how little hope there is; what is not here is no finding. */
const STUCK: readonly VerdictOutcome[] = ['spinning', 'blocked', 'livelocked', 'parked'];

export function isStuck(outcome: VerdictOutcome): boolean {
  return STUCK.includes(outcome);
}
