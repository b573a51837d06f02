import { failureName, failuresOf, type RunFailure } from './run-failure.ts';
import { scenarioText } from './scenario-text.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { withUnfired } from '../scenario/with-unfired.ts';
import { runScenario } from '../sim/run-scenario.ts';

/**
 * A capsule as a scenario document, which says in words what its run comes to and expects the same of it. Somebody has to write
 * the story; what the prose says is what the laws say. A live scenario is not run, and its prose says less.
 * Throws SCENARIO_MALFORMED if it would be too large for a document.
 */
export function capsuleDocument(capsule: Scenario): string {
  const { versions, dialects, live, plan } = capsule;
  const names = [...new Set(plan.faults.map(({ fault }) => fault))];
  const by = names.length === 0 ? 'No fault is needed for it.' : `What it takes: ${names.join(', ')}.`;
  const from = Object.entries(versions ?? {}).map(([name, version]) => `${name} ${version}`);
  const origin = from.length === 0 ? '' : ` Found with ${from.join(', ')}.`;
  if (live !== undefined) return scenarioText(capsule, `${by}${origin}`);
  const failures = failuresIn(capsule, dialects[0] ?? 'checked');
  const what = failures.map((failure) => `${failure.message} (${failureName(failure)}).`);
  const told = what.length === 0 ? 'All laws hold.' : what.join(' ');
  const isRun = failures.every(({ what: law }) => law !== 'exception');
  return scenarioText(isRun ? withUnfired(capsule) : capsule, `${told} ${by}${origin}`);
}

function failuresIn(capsule: Scenario, dialect: string): RunFailure[] {
  try {
    return failuresOf(capsule, runScenario(capsule, { dialect }));
  } catch (error) {
    return [{ what: 'exception', direction: null, message: error instanceof Error ? error.message : String(error) }];
  }
}
