import type { PollStream } from '../../src/poll/poll-stream.ts';
import type { Recorder } from '../../src/trace/recorder.ts';
import type { FaultContext } from '../faults/active-fault.ts';
import type { Schedule } from './scheduler.ts';

/** Wraps one side's stream in what is to go wrong there. */
export type FaultLayers = (side: 'a' | 'b', stream: PollStream, context: FaultContext) => PollStream;

export interface RunOptions {
  /** `checked`, or a tokio release. Default: the first that the scenario names. */
  readonly dialect?: string;
  /** Begun anew for the run, on its virtual clock: afterwards it holds the trace of this run alone. */
  readonly recorder?: Recorder | null;
  /** Default: those of the scenario's plan. */
  readonly faults?: FaultLayers;
  /** Reads give at most so many bytes at a time. Default: as the script says. */
  readonly chunkBytes?: number;
  /**
   * The streams beneath all faults tell the recorder what was really called, given and taken: what a finding needs to tell a
   * lie from the truth. Default: false, and the trace has the copy's own events alone.
   */
  readonly beneath?: boolean;
  /** Default: wakes come at once, and timers of one moment in the order in which they were set. */
  readonly schedule?: Schedule;
  /**
   * Asked now and then, so that a run of many steps can be given up: it ends as `unfinished` where it stands, which is no result of
   * the scenario. Default: never.
   */
  readonly isOver?: () => boolean;
}
