import { RelayscopeError } from '../../src/errors.ts';

export type CaptureErrorCode = 'CAPTURE_UNREADABLE' | 'CAPTURE_MALFORMED' | 'CAPTURE_LIMIT' | 'CAPTURE_NO_FLOW';

/** Where in a capture. */
export interface CapturePlace {
  /** As a person knows the file; put there by whoever opened it. */
  readonly file?: string;
  /** In bytes, once unpacked. */
  readonly fileOffset?: number;
  /** Of text, from 1. */
  readonly line?: number;
}

/** A capture that cannot be opened, cannot be understood, or asks for more than a named limit allows. */
export class CaptureError extends RelayscopeError {
  declare readonly code: CaptureErrorCode;
  readonly place: CapturePlace;

  constructor(code: CaptureErrorCode, message: string, place: CapturePlace = {}, options?: ErrorOptions) {
    super(code, message, options);
    this.place = place;
  }
}
