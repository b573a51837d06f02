import { RelayscopeError } from '../../src/errors.ts';
import { callSite, pointAt } from './call-site.ts';
import { checkCampaign, type Campaign, type CampaignTestOptions } from './campaign-test-options.ts';
import { declareTest } from './declare-test.ts';
import { runnerSettings } from './runner-settings.ts';

/** For what is done after the budget: making the last findings small, and writing them. */
const AFTER_BUDGET_MS = 60_000;

/**
 * A campaign of random scenarios as a test: it fails if a run breaks a law, with each finding, its capsule and the commands that make
 * it again; and if its budget is used up before all runs are made. To be called where tests are declared.
 *
 * `part` shares the runs of one seed out: files with `1/4` to `4/4` make each run once, on whatever machines `--shard` puts them.
 *
 * @example
 * campaignTest({ seed: 42, runs: 100_000, part: '1/4' });
 */
export function campaignTest(options: CampaignTestOptions): void {
  const caller = callSite(campaignTest);
  let campaign: Campaign;
  try {
    campaign = checkCampaign(options);
  } catch (error) {
    declareTest('campaign', {}, () => {
      throw error instanceof RelayscopeError ? pointAt(error, caller) : error;
    });
    return;
  }
  const { root } = runnerSettings();
  const timeout = campaign.budgetMs === Infinity ? 0 : campaign.budgetMs + AFTER_BUDGET_MS;
  declareTest(campaign.name, { timeout }, async (context) => {
    // Only where there is a campaign: what makes one is much to load.
    const { runCampaign } = await import('./run-campaign.ts');
    const failure = await runCampaign(campaign, root, context);
    // For configurations that want each test to have an assertion.
    if (failure === null) context.expect(failure).toBeNull();
    else throw pointAt(failure, caller);
  });
}
