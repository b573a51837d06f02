import { parentPort, workerData } from 'node:worker_threads';
import { RelayscopeError } from '../../../src/errors.ts';
import type { CampaignSettings } from '../campaign-settings.ts';
import type { FailedRun } from '../campaign.ts';
import { plantDefect } from './plant-defect.ts';
import type { PlantedDefect } from './planted-defect.ts';

/** A thread whose engine has a defect: makes runs until one fails. */

export interface PlantedJob {
  /** Null: the engine as it is. */
  readonly defect: PlantedDefect | null;
  readonly settings: CampaignSettings;
  /** No more than so many. */
  readonly runs: number;
}

export type PlantedMessage = { readonly found: FailedRun | null } | { readonly code: string; readonly message: string };

/** So many runs are made between two looks at what has failed. */
const RANGE_RUNS = 100;

// find-planted.ts starts this module with a job, and nothing else does.
const { defect, settings, runs } = workerData as PlantedJob;

async function find(): Promise<FailedRun | null> {
  const isLoaded = defect === null ? () => true : plantDefect(defect);
  // Only now: what it imports has to come through the hook.
  const { Campaign } = await import('../campaign.ts');
  if (!isLoaded()) {
    throw new RelayscopeError('DEFECT_MISPLACED', `Defect ${defect?.name}: expected ${defect?.file} to be loaded`);
  }
  const campaign = new Campaign(settings);
  for (let from = 0; from < runs; from += RANGE_RUNS) {
    const { failed } = campaign.range(from, Math.min(runs, from + RANGE_RUNS));
    const [first] = failed.toSorted((one, other) => one.run - other.run);
    if (first !== undefined) return first;
  }
  return null;
}

async function tell(): Promise<PlantedMessage> {
  try {
    return { found: await find() };
  } catch (error) {
    if (error instanceof RelayscopeError) return { code: error.code, message: error.message };
    throw error;
  }
}

parentPort?.postMessage(await tell());
