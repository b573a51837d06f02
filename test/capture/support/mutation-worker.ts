import { parentPort, workerData } from 'node:worker_threads';
import { mutant } from './mutant.ts';
import { outcomeOf } from './pipeline.ts';
import { seeds } from './seeds.ts';
import type { MutationJob, MutationTotals } from './mutations.ts';

/** Reads its share of the mutants, one after another; where it is stands in shared memory. */

const SAMPLE_EVERY = 64;

// Given by `mutations.ts`, and of that shape.
const { seed, first, end, step, at } = workerData as MutationJob;
const outcomes = new Map<string, number>();
const all = seeds();
let mostBytes = 0;

for (let index = first; index < end; index += step) {
  Atomics.store(at, 0, index);
  const { name, bytes, chunkBytes } = mutant(all, seed, index);
  let outcome;
  try {
    outcome = await outcomeOf(bytes, chunkBytes);
  } catch (cause) {
    throw new Error(`Mutant ${index} of seed ${seed}, from ${name}, read in pieces of ${chunkBytes}`, { cause });
  }
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  if (index % SAMPLE_EVERY === 0) {
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    mostBytes = Math.max(mostBytes, heapUsed + arrayBuffers);
  }
}
parentPort?.postMessage({ outcomes, mostBytes } satisfies MutationTotals);
