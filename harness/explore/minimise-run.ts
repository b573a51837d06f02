import type { RunOutcomeName, Scenario } from '../scenario/scenario.ts';
import type { RunResult } from '../sim/run-result.ts';
import type { Campaign, FailedRun } from './campaign.ts';
import { minimise } from './minimise.ts';
import { isSame } from './run-failure.ts';

/** All tries together take at most so many polls: what runs on and on would take minutes. */
const MAX_ALL_POLLS = 400_000;
/** What a poll that would not have ended counts for. */
const STUCK_POLLS = 100;
/** A run that goes on without end is cut here while it is made small, if it fails in the same way by then. */
const SHORT_POLLS = 400;

const ENDLESS: ReadonlySet<RunOutcomeName> = new Set(['livelocked', 'unfinished', 'starved']);

/** The smallest scenario that fails in the same way as a run of the campaign did. */
export function minimiseRun(campaign: Campaign, failed: FailedRun): Scenario {
  let polls = 0;
  const stillFails = (scenario: Scenario): boolean => {
    if (polls >= MAX_ALL_POLLS) return false;
    const { failures, result } = campaign.try(scenario);
    polls += costOf(result);
    return failures.some((failure) => isSame(failure, failed));
  };
  const original = campaign.scenario(failed.run);
  const short = { ...original, options: { ...original.options, maxPolls: SHORT_POLLS } };
  const small = minimise(stillFails(short) ? short : original, stillFails);
  const { result } = campaign.try(small);
  // A run that reached the bound needs it, in order to be told in a moment; any other is the same without.
  if (result === null || ENDLESS.has(result.outcome)) return small;
  const { maxPolls: _bound, ...options } = small.options;
  return { ...small, options };
}

function costOf(result: RunResult | null): number {
  if (result === null) return 1;
  return ENDLESS.has(result.outcome) ? Math.max(result.polls, STUCK_POLLS) : result.polls;
}
