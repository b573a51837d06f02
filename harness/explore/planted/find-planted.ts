import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { RelayscopeError } from '../../../src/errors.ts';
import { siblingModule } from '../../../src/sibling-module.ts';
import { benignFaults } from '../campaign-settings.ts';
import type { FailedRun } from '../campaign.ts';
import type { PlantedDefect } from './planted-defect.ts';
import type { PlantedJob, PlantedMessage } from './planted-worker.ts';

/** With a correct copy no run of these settings fails. */
export interface FindOptions {
  readonly seed: number;
  /** It is looked for in no more runs than that. */
  readonly runs: number;
}

/**
 * Plants a defect in the engine of a thread of its own, and makes the runs of the campaign that is meant for it until one
 * fails. Null: none did. Throws DEFECT_MISPLACED.
 */
export async function findPlanted(defect: PlantedDefect, options: FindOptions): Promise<FailedRun | null> {
  return look(defect, defect, options);
}

/** The same campaign with the engine as it is. */
export async function findUnplanted(defect: PlantedDefect, options: FindOptions): Promise<FailedRun | null> {
  return look(null, defect, options);
}

async function look(
  defect: PlantedDefect | null,
  { dialect = 'checked', faults = benignFaults() }: PlantedDefect,
  { seed, runs }: FindOptions,
): Promise<FailedRun | null> {
  const workerData: PlantedJob = { defect, settings: { seed, dialect, faults }, runs };
  const worker = new Worker(siblingModule(import.meta.url, 'planted-worker'), { workerData });
  try {
    // The first message is always this one: planted-worker.ts.
    const [message] = (await once(worker, 'message')) as [PlantedMessage];
    if ('found' in message) return message.found;
    throw new RelayscopeError(message.code, message.message);
  } finally {
    await worker.terminate();
  }
}
