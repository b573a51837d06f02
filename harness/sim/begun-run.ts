import type { BidirectionalCopy } from '../../src/copy/bidirectional-copy.ts';
import type { HalfCloseTimer } from '../../src/copy/half-close-timer.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** A run of a world that is under way: the latest that it has begun, and not at its end. */
export interface BegunRun {
  readonly scenario: Scenario;
  readonly copy: BidirectionalCopy;
  readonly timer: HalfCloseTimer | null;
}
