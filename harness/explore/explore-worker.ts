import { parentPort, workerData } from 'node:worker_threads';
import { Campaign } from './campaign.ts';
import type { CampaignSettings } from './campaign-settings.ts';

/** One thread of a campaign: makes the runs of each range that it is given, and says what came of them. */

/** Numbers of runs, `from` … `to` − 1. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

// The pool starts this module with a campaign's settings, and nothing else does.
const campaign = new Campaign(workerData as CampaignSettings);

parentPort?.on('message', ({ from, to }: Range) => {
  parentPort?.postMessage(campaign.range(from, to));
});
