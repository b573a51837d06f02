import type { Finding } from '../../src/diagnose/finding.ts';
import { findingsOf } from '../scenario/judge-run.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** Of what is found in a trace, what a capsule keeps. */
export type Diagnosed = Pick<Finding, 'class' | 'direction' | 'seq' | 'meaning'>;

/** What the trace of a run is found to suffer from; of one that ends with an exception, nothing. */
export function diagnose(scenario: Scenario, dialect: string): Diagnosed[] {
  try {
    return findingsOf({ scenario, dialect, chunkBytes: null }).map(({ class: name, direction, seq, meaning }) => ({
      class: name,
      direction,
      seq,
      meaning,
    }));
  } catch {
    // The campaign has told of the exception; whatever it is, it is the run's.
    return [];
  }
}
