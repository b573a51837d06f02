import type { NotApplicable } from './not-applicable.ts';
import type { StreamCase } from './stream-case.ts';
import type { StreamLaw } from './stream-law.ts';

export interface BrokenStreamLaw {
  readonly law: StreamLaw;
  readonly message: string;
  readonly case: StreamCase;
  /** Whether the case has been made small. */
  readonly shrunk: boolean;
  /** A test to paste, that fails as the check has. */
  readonly reproduction: string;
}

export interface CheckReport {
  /** Each broken law once, with the case that shows it. */
  readonly broken: readonly BrokenStreamLaw[];
  readonly passed: readonly StreamLaw[];
  /** Laws whose breaches may all be consequences of those that are broken. */
  readonly unjudged: readonly StreamLaw[];
  /** Laws that cannot be asked of what the factory makes, and why. */
  readonly notApplicable: readonly NotApplicable[];
  readonly seed: number;
  /** How many cases were run. */
  readonly runs: number;
  /** For a person. */
  text(): string;
}
