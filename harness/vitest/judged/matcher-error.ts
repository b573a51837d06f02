import { RelayscopeError } from '../../../src/errors.ts';

export type MatcherErrorCode =
  /** `expect` was given something that a matcher cannot judge. */
  | 'SUBJECT_INVALID'
  /** The subject cannot answer what the matcher asks: there is no trace, or nobody knows what was delivered. */
  | 'SUBJECT_UNKNOWING'
  /** The matcher's own argument is wrong. */
  | 'MATCHER_ARGUMENT_INVALID';

/** A matcher that is used wrongly: neither the assertion nor its opposite holds. */
export class MatcherError extends RelayscopeError {
  declare readonly code: MatcherErrorCode;

  /** @param wrong `Wrong direction of toHang`. */
  constructor(code: MatcherErrorCode, wrong: string, expected: string, got: string) {
    super(code, `${wrong}: expected ${expected}, got ${got}`);
  }
}
