import { join, relative } from 'node:path';
import type { TestContext } from 'vitest';
import { RelayscopeError } from '../../src/errors.ts';
import { systemClock } from '../../src/poll/clock.ts';
import { TimeLimit } from '../ci/time-limit.ts';
import { timeSpanText } from '../ci/time-span.ts';
import { CapsuleFolder, type SavedFinding } from '../cli/capsule-folder.ts';
import { explore, type ExploreProgress } from '../explore/explore.ts';
import { packageVersion } from '../package-version.ts';
import { thousands } from '../report/format-number.ts';
import { callSite, pointAt } from './call-site.ts';
import { campaignFailure } from './campaign-failure.ts';
import { checkCampaign, type Campaign, type CampaignTestOptions } from './campaign-test-options.ts';
import { declareTest } from './declare-test.ts';
import { runnerSettings } from './runner-settings.ts';

/** For what is done after the budget: making the last findings small, and writing them. */
const AFTER_BUDGET_MS = 60_000;
/** Of very many findings, so many capsules are attached; all are written, and named. */
const MAX_ATTACHED = 10;

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
    const failure = await failureOf(campaign, root, context);
    // For configurations that want each test to have an assertion.
    if (failure === null) context.expect(failure).toBeNull();
    else throw pointAt(failure, caller);
  });
}

async function failureOf(campaign: Campaign, root: string, context: TestContext): Promise<RelayscopeError | null> {
  const { settings, from, runs, workers, budgetMs } = campaign;
  const folder = new CapsuleFolder({
    folder: join(root, campaign.capsules),
    asScenario: false,
    force: false,
    settings,
  });
  const limit = new TimeLimit(budgetMs, { stop: context.signal });
  const { signal, release } = limit.signal();
  let done: ExploreProgress;
  try {
    done = await explore({
      settings,
      from,
      runs,
      timeMs: Infinity,
      workers,
      versions: { relayscope: packageVersion(), node: process.versions.node },
      clock: systemClock,
      signal,
      onProgress: ({ findings }) => {
        folder.save(findings.list);
      },
    });
  } finally {
    release();
  }
  folder.save(done.findings.list);
  const saved = await folder.saved();
  folder.check();
  await attach(saved, root, context);
  if (done.findings.failedRuns > 0)
    return campaignFailure(
      campaign,
      done,
      saved.map(({ path }) => shown(path, root)),
    );
  if (done.runs === runs) return null;
  return new RelayscopeError(
    'CAMPAIGN_BUDGET',
    `The budget of ${timeSpanText(budgetMs)} was used up after ${thousands(done.runs)} of ${thousands(runs)} runs`,
  );
}

async function attach(saved: readonly SavedFinding[], root: string, context: TestContext): Promise<void> {
  for (const { path } of saved.slice(0, MAX_ATTACHED)) {
    if (path === null) continue;
    const name = shown(path, root);
    await context.annotate(`capsule: ${name} (relayscope run ${name})`, 'relayscope', {
      path,
      contentType: 'application/json',
    });
  }
}

function shown(path: string | null, root: string): string {
  return path === null ? 'not written' : relative(root, path);
}
