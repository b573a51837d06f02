import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { siblingModule } from '../../../src/sibling-module.ts';

export interface MutationJob {
  readonly seed: number;
  readonly first: number;
  readonly end: number;
  readonly step: number;
  /** The index of the mutant under way. */
  readonly at: Int32Array<SharedArrayBuffer>;
}

export interface MutationTotals {
  /** By outcome, how many. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** The most memory that was in use at a time. */
  readonly mostBytes: number;
}

/** A mutant that takes longer hangs: the slowest honest one takes a fiftieth of that. */
const MAX_MUTANT_MS = 20_000;
const MAX_HEAP_MB = 256;

/** Reads so many mutants on so many threads. Rejects with the mutant that crashed, hung or took too much memory. */
export async function readMutants(seed: number, count: number, threads: number): Promise<MutationTotals> {
  const shares = await Promise.all(
    Array.from({ length: threads }, (_, first) => readShare({ seed, first, end: count, step: threads })),
  );
  const outcomes = new Map<string, number>();
  for (const share of shares) for (const [name, n] of share.outcomes) outcomes.set(name, (outcomes.get(name) ?? 0) + n);
  return { outcomes, mostBytes: Math.max(...shares.map(({ mostBytes }) => mostBytes)) };
}

async function readShare(job: Omit<MutationJob, 'at'>): Promise<MutationTotals> {
  const at = new Int32Array(new SharedArrayBuffer(4)).fill(-1);
  const worker = new Worker(siblingModule(import.meta.url, 'mutation-worker'), {
    workerData: { ...job, at } satisfies MutationJob,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    execArgv: [],
    env: {},
  });
  let seen = -2;
  const watch = setInterval(() => {
    const now = Atomics.load(at, 0);
    if (now === seen) worker.emit('error', new Error(`Mutant ${now} of seed ${job.seed} hangs`));
    seen = now;
  }, MAX_MUTANT_MS);
  try {
    // An error rejects it.
    const [totals] = (await once(worker, 'message')) as [MutationTotals];
    return totals;
  } finally {
    clearInterval(watch);
    await worker.terminate();
  }
}
