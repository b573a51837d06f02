import type { Finding } from '../../src/diagnose/finding.ts';
import type { FindingClass } from '../../src/diagnose/finding-class.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { RunResult } from '../sim/run-result.ts';
import { canComeToAnEnd, hasError, type RunFailure } from './run-failure.ts';

/** What a stream that fails does to a copy that cannot help it: in some dialects it is lost what the copy still held. */
const BY_AN_ERROR: ReadonlySet<FindingClass> = new Set(['buffered-data-lost', 'shutdown-error-kills-both']);
/** What is right to say of two sides that wait for each other for ever. */
const BY_NO_END: ReadonlySet<FindingClass> = new Set(['half-close-linger', 'missed-flush']);

/** What a budget does that both directions share, where the one that is polled first has enough to do: the run may go on all the same. */
const BY_A_BUDGET: FindingClass = 'direction-starved';

/** What was found in a run in which nothing was wrong. */
export function falseAlarms(scenario: Scenario, result: RunResult, findings: readonly Finding[]): RunFailure[] {
  const endsByError = result.error !== null && (hasError(scenario.a) || hasError(scenario.b));
  const isBudgeted = scenario.options.coopBudget === true;
  const cannotEnd = result.outcome === 'parked' && !canComeToAnEnd(scenario);
  return findings
    .filter(
      ({ class: name }) =>
        !(endsByError && BY_AN_ERROR.has(name)) &&
        !(cannotEnd && BY_NO_END.has(name)) &&
        !(isBudgeted && name === BY_A_BUDGET),
    )
    .map(({ class: name, direction, meaning }) => ({ what: name, direction, message: `A false alarm: ${meaning}` }));
}
