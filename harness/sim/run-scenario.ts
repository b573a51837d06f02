import type { Scenario } from '../scenario/scenario.ts';
import { runOrigins } from './run-origin.ts';
import type { RunOptions } from './run-options.ts';
import type { RunResult } from './run-result.ts';
import { World } from './world.ts';

/**
 * Runs a scenario in memory to its end, in a world of its own: no clock but a virtual one, no event loop, the same result
 * and the same trace each time. Who makes many runs keeps a `World`, which uses everything again.
 *
 * Throws a RelayscopeError if it cannot be run: an unknown dialect, buffer sizes that the dialect does not have.
 */
export function runScenario(scenario: Scenario, options: RunOptions = {}): RunResult {
  const told = { ...options, dialect: options.dialect ?? scenario.dialects[0] ?? 'checked' };
  const result = new World().run(scenario, told);
  runOrigins.set(result, { scenario, options: told });
  return result;
}
