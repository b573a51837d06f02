import { RelayscopeError } from '../../src/errors.ts';

export type CheckErrorCode =
  /** An option of `checkStream` is out of its range. */
  | 'CHECK_OPTION_INVALID'
  /** The factory threw, or its promise was rejected; `cause` has what it said. */
  | 'CHECK_FACTORY_FAILED'
  /** The factory's promise was not settled within `timeoutMs`. */
  | 'CHECK_FACTORY_TIMEOUT'
  /** What the factory returned is none of the streams that can be checked. */
  | 'CHECK_NOT_A_STREAM'
  /** `relayscope check`: the module, or one that it imports, cannot be loaded; `cause` has what it said. */
  | 'CHECK_MODULE_UNREADABLE'
  /** `relayscope check`: the module does not export what it is to export. */
  | 'CHECK_MODULE_INVALID'
  /** A case has something else than a case has at the place named. */
  | 'CHECK_CASE_MALFORMED';

/** Why a check could not be made. A law that is broken is no error: it stands in the report. */
export class CheckError extends RelayscopeError {
  declare readonly code: CheckErrorCode;

  constructor(code: CheckErrorCode, message: string, cause?: unknown) {
    super(code, message, cause === undefined ? undefined : { cause });
  }
}
