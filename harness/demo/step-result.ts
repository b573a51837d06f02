import type { Finding } from '../../src/diagnose/finding.ts';
import type { Direction } from '../../src/poll/direction.ts';

/** How one step of the demo came out. Fields that do not apply are absent. */
export interface StepResult {
  readonly name: string;
  readonly dialect?: string;
  readonly outcome: 'completed' | 'failed' | 'spinning' | 'parked' | 'blocked' | 'unfinished';
  readonly direction?: Direction;
  readonly pos?: number;
  readonly cap?: number;
  readonly read_done?: boolean;
  /** How often the direction went round its loop. */
  readonly iterations?: number;
  /** The wrong count. */
  readonly offered?: number;
  readonly reported?: number;
  /** HTTP status that the client got. */
  readonly status?: number;
  /** What the client said when it got none. */
  readonly complaint?: string;
  readonly aToB?: number;
  readonly bToA?: number;
  /** Milliseconds from the last sign of life, or from the Close, to the verdict. */
  readonly verdictMs?: number;
  /** Why the copy failed. */
  readonly code?: string;
  readonly message?: string;
  /** Bytes that the origin had sent towards the client when the copy was found stuck. */
  readonly replyBytes?: number;
  /** Bytes that lay unread at the client's WebSocket then, framing included; where the kernel tells. */
  readonly unreadBytes?: number;
  /** How often the stream that the reply arrives at was polled for reading. */
  readonly readsOfReply?: number;
  /** Where the copy stood when it was found frozen: the calls, innermost first, as `CopyBuffer.pollCopy (copy-buffer.ts:59)`. */
  readonly stack?: readonly string[];
  /** What the innermost of them had before it: pos, cap, readDone and so on, as text. */
  readonly locals?: Readonly<Record<string, string>>;
  /** Where the trace was written. */
  readonly trace?: string;
  /** What its trace is found to suffer from. */
  readonly findings?: readonly StepFinding[];
}

/** Of a finding, what the story tells. */
export type StepFinding = Pick<Finding, 'class' | 'direction' | 'seq' | 'meaning'>;
