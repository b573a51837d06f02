import { RelayscopeError } from '../../src/errors.ts';

export type CheckErrorCode =
  /** An option of `checkStream` is out of its range. */
  | 'CHECK_OPTION_INVALID'
  /** The factory threw, or its promise was rejected; `cause` has what it said. */
  | 'CHECK_FACTORY_FAILED'
  /** The factory's promise was not settled within `timeoutMs`. */
  | 'CHECK_FACTORY_TIMEOUT'
  /** What the factory returned is none of the streams that can be checked. */
  | 'CHECK_NOT_A_STREAM';

/** Why a check could not be made. A law that is broken is no error: it stands in the report. */
export class CheckError extends RelayscopeError {
  declare readonly code: CheckErrorCode;

  constructor(code: CheckErrorCode, message: string, cause?: unknown) {
    super(code, message, cause === undefined ? undefined : { cause });
  }
}
