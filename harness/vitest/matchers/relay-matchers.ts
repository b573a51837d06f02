import type { FindingClass } from '../../../src/diagnose/finding-class.ts';
import type { Deliveries } from './to-deliver.ts';
import type { FailureCode } from './to-fail-with.ts';
import type { HangOptions } from './to-hang.ts';
import type { FindingOptions } from './to-have-finding.ts';
import type { WaitOptions } from './wait-options.ts';

/**
 * What `expect` can ask of a relay. Await each of them: what is live, or in a file, is judged later; what is over is judged at once,
 * so that an `await` that was forgotten does no harm there.
 */
export interface RelayMatchers {
  /** Both directions have come to their end. */
  toComplete(options?: WaitOptions): void | Promise<void>;
  /** It does not go on, and will not by itself: spins, livelocks, is parked, starved or blocked. */
  toHang(options?: HangOptions): void | Promise<void>;
  /** A trace of it is found to suffer from this. */
  toHaveFinding(name: FindingClass, options?: FindingOptions): void | Promise<void>;
  /** Nothing is found wrong in a trace of it. */
  toHaveNoFindings(options?: WaitOptions): void | Promise<void>;
  /** Its sinks got so many bytes, or these. */
  toDeliver(expected: Deliveries, options?: WaitOptions): void | Promise<void>;
  /** It ended with an error of this code, or one caused by such an error. */
  toFailWith(code: FailureCode, options?: WaitOptions): void | Promise<void>;
  /** Its trace is the golden one: a name below `traces/golden`, or a path from the project's root. `-u` writes it anew. */
  toMatchTrace(path: string, options?: WaitOptions): Promise<void>;
}

declare module 'vitest' {
  // Without type parameters, which are not the same in 4.1 and in 5: all of them have defaults.
  interface Matchers extends RelayMatchers {}
}
