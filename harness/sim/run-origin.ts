import type { Scenario } from '../scenario/scenario.ts';
import type { RunOptions } from './run-options.ts';
import type { RunResult } from './run-result.ts';

/** What a result came of: whoever judges it can look at the trace, or make the run again with all that can be seen. */
export interface RunOrigin {
  readonly scenario: Scenario;
  readonly options: RunOptions & { readonly dialect: string };
}

/** Beside the results, which are compared as they are. */
export const runOrigins = new WeakMap<RunResult, RunOrigin>();
