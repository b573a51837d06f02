import { RelayscopeError } from '../errors.ts';
import type { Direction } from '../poll/direction.ts';

/** The bytes that each direction's writer said it took. They may still wait in a buffer on their way. */
export interface CopyCounts {
  readonly aToB: number;
  readonly bToA: number;
}

export type CopyErrorCode =
  /** A stream threw; `cause` is what it threw. */
  | 'STREAM_FAILED'
  /** A write returned 0 for bytes offered. */
  | 'WRITE_ZERO'
  /** `checked`: a write returned no integer in 1 … offered. */
  | 'WRITE_COUNT_INVALID'
  /** `checked`: a read returned no integer in 0 … room. */
  | 'READ_COUNT_INVALID'
  /** `checked`: a flush or a shutdown returned neither 0 nor PENDING: a promise, most likely. */
  | 'RESULT_INVALID'
  /** A debug build's assertion pos <= cap. */
  | 'ASSERTION_FAILED'
  /** An iteration that did no I/O and changed nothing; only where a limit was set. */
  | 'SPINNING'
  /** More iterations in one poll than the limit that was set. */
  | 'ITERATION_LIMIT'
  /** `signal` fired. */
  | 'ABORTED'
  /** One direction was done, and the other moved nothing for `halfCloseTimeoutMs`. */
  | 'HALF_CLOSE_TIMEOUT';

export interface CopyErrorDetails {
  readonly direction?: Direction;
  /** The call that was made. */
  readonly operation?: 'read' | 'write' | 'flush' | 'shutdown';
  /** WRITE_COUNT_INVALID, READ_COUNT_INVALID: what the call was offered, and what it returned, as it came. */
  readonly offered?: number;
  readonly reported?: unknown;
}

/** A copy that ended otherwise than by both ends of stream. Both counts are those at that moment. */
export class CopyError extends RelayscopeError {
  declare readonly code: CopyErrorCode;
  readonly details: CopyErrorDetails;
  /** Filled in by the copy, which knows both directions. */
  counts: CopyCounts = { aToB: 0, bToA: 0 };

  constructor(code: CopyErrorCode, message: string, details: CopyErrorDetails = {}, options?: ErrorOptions) {
    super(code, message, options);
    this.details = details;
  }

  get aToB(): number {
    return this.counts.aToB;
  }

  get bToA(): number {
    return this.counts.bToA;
  }
}
