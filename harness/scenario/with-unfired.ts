import { firedFaults } from './compare-fired.ts';
import { judgeRun } from './judge-run.ts';
import { runsOf } from './runs-of.ts';
import type { Scenario } from './scenario.ts';

/**
 * A scenario that is run, and then says which of its faults do not fire, as a document has to: by what they hold back or cut, they
 * may matter all the same.
 */
export function withUnfired(scenario: Scenario): Scenario {
  const names = [...new Set(scenario.plan.faults.map(({ fault }) => fault))];
  if (names.length === 0) return scenario;
  const fired = new Set<string>();
  for (const run of runsOf(scenario, { swapped: false, chunkBytes: 'own' }))
    for (const name of firedFaults(judgeRun(run, true).events ?? [])) fired.add(name);
  const unfired = names.filter((name) => !fired.has(name));
  return unfired.length === 0 ? scenario : { ...scenario, expect: { ...scenario.expect, unfired } };
}
