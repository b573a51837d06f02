import type { RunOutcomeName, Scenario } from '../scenario/scenario.ts';
import type { RunResult } from '../sim/run-result.ts';
import type { Campaign } from './campaign.ts';
import { minimise } from './minimise.ts';
import { isSame, type RunFailure } from './run-failure.ts';

/** All tries together take at most so many steps: what runs on and on would take minutes. */
const MAX_ALL_STEPS = 2_000_000;
/** What a try that ended with an exception counts for, since it has no result. */
const EXCEPTION_STEPS = 1000;
/** A run that goes on without end is cut here while it is made small, if it fails in the same way by then. */
const SHORT = { maxPolls: 400, maxSteps: 4000 };

const ENDLESS: ReadonlySet<RunOutcomeName> = new Set(['livelocked', 'unfinished', 'starved']);

/** The smallest scenario that fails in the same way as this one does. @param failure is one of those of `original`. */
export function minimiseRun(campaign: Campaign, original: Scenario, failure: RunFailure): Scenario {
  let steps = 0;
  const stillFails = (scenario: Scenario): boolean => {
    if (steps >= MAX_ALL_STEPS) return false;
    const { failures, result } = campaign.try(scenario);
    steps += result?.steps ?? EXCEPTION_STEPS;
    return failures.some((one) => isSame(one, failure));
  };
  const short = { ...original, options: { ...original.options, ...SHORT } };
  const small = minimise(stillFails(short) ? short : original, stillFails);
  return withoutBounds(campaign, small);
}

/** A run that reached a bound needs it, in order to be told in a moment; any other is the same without. */
function withoutBounds(campaign: Campaign, small: Scenario): Scenario {
  const { maxPolls, maxSteps, maxBytes, ...options } = small.options;
  const { result } = campaign.try(small);
  const outcome = result?.outcome ?? 'failed';
  if (!ENDLESS.has(outcome)) return { ...small, options };
  const bounds = Object.entries({ maxPolls, maxSteps }).filter(([, bound]) => bound !== undefined);
  const stepped = { ...small, options: { ...options, ...Object.fromEntries(bounds) } };
  if (maxBytes === undefined) return stepped;
  const { steps } = result ?? {};
  const again: RunResult | null = campaign.try(stepped).result;
  return again?.outcome === outcome && again.steps === steps ? stepped : small;
}
