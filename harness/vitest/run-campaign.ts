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
import { campaignFailure } from './campaign-failure.ts';
import type { Campaign } from './campaign-test-options.ts';

/** Of very many findings, so many capsules are attached; all are written, and named. */
const MAX_ATTACHED = 10;

/** The body of a test: makes the runs, writes and attaches the capsules. @returns why it fails; null: all is as it should be. */
export async function runCampaign(
  campaign: Campaign,
  root: string,
  context: TestContext,
): Promise<RelayscopeError | null> {
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
