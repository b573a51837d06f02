import type { VerdictOutcome } from '../trace/trace-note.ts';
import type { Direction, Half } from '../poll/direction.ts';
import type { ConnectionPicture } from './connection-picture.ts';
import type { Report } from './finding.ts';
import type { FindingClass } from './finding-class.ts';
import type { SeenEvent } from './seen-event.ts';

/** How a trace, or one connection of it, ended. */
export interface Ending {
  /** `open`: nobody has said; the trace just stops, or has stopped so far. */
  readonly outcome: VerdictOutcome | 'open';
  /** Milliseconds since the trace began, if known; else that of the last event. */
  readonly atMs: number;
  /** Of the verdict, where it named one. */
  readonly direction?: Direction;
  readonly half?: Half;
  /** `completed`, or the code with which the copy failed, where the connection has ended by itself. */
  readonly code?: string;
  /** parked: nothing can ever come any more, as only a simulator knows. */
  readonly isForGood?: boolean;
}

/** One fold: sees the events of one connection in order, and how it ended. Keeps what it needs, and reports what it finds. */
export interface ConnectionDetector {
  /** The picture of the connection is as it was before this event. */
  onEvent?(event: SeenEvent): void;
  onEnd?(ending: Ending): void;
}

/** Where a detector reports to. */
export type Reporter = (report: Report) => void;

/** A detector of one class, or of a few that have one proof. One file each. */
export interface Detector {
  readonly classes: readonly FindingClass[];
  /** The codes of `Kind` that it wants to see. */
  readonly kinds: readonly number[];
  /** A call that gave or took bytes tells it nothing: it looks at those alone that were Pending, failed, or returned nothing. */
  readonly skipsBytes?: true;
  open(picture: ConnectionPicture, report: Reporter): ConnectionDetector;
}
