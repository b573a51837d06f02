import { RelayscopeError } from '../../errors.ts';

export type TraceErrorCode =
  /** The file cannot be opened or read. */
  | 'TRACE_UNREADABLE'
  /** No trace, or one whose beginning is damaged. */
  | 'TRACE_MALFORMED'
  /** A trace of a newer major version, or a machine that cannot read it. */
  | 'TRACE_UNSUPPORTED'
  | 'TRACE_UNWRITABLE';

/** Where in a trace it happened. */
export interface TracePlace {
  readonly path?: string;
  /** In bytes from the beginning of the file. */
  readonly offset?: number;
  /** NDJSON: from 1. */
  readonly line?: number;
}

/** A trace could not be read or written. */
export class TraceError extends RelayscopeError {
  declare readonly code: TraceErrorCode;
  readonly place: TracePlace;

  constructor(code: TraceErrorCode, message: string, place: TracePlace = {}, options?: ErrorOptions) {
    super(code, message, options);
    this.place = place;
  }
}
