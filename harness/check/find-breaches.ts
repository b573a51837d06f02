import { Random } from '../sim/random.ts';
import type { CheckOptions } from './check-options.ts';
import { fixedCases } from './fixed-cases.ts';
import { FoundBreaches } from './found-breaches.ts';
import { generateCase } from './generate-case.ts';
import { runCase } from './run-case.ts';
import type { StreamCase } from './stream-case.ts';
import type { Subject } from './subject.ts';

const DEFAULT_RUNS = 1000;
export const DEFAULT_SEED = 1;

/** Runs the fixed cases and those of the seed, or the one that is given. */
export async function findBreaches(
  subject: Subject,
  options: Pick<CheckOptions, 'case' | 'runs' | 'seed' | 'onCase'>,
): Promise<{ readonly found: FoundBreaches; readonly runs: number }> {
  const found = new FoundBreaches();
  let runs = 0;
  for (const streamCase of casesOf(subject, options)) {
    runs += 1;
    options.onCase?.(streamCase);
    const breach = await runCase(subject, streamCase);
    if (breach !== null) found.add(breach, streamCase);
  }
  return { found, runs };
}

function* casesOf(subject: Subject, options: Pick<CheckOptions, 'case' | 'runs' | 'seed'>): Generator<StreamCase> {
  if (options.case !== undefined) {
    yield options.case;
    return;
  }
  yield* fixedCases(subject);
  const { runs = DEFAULT_RUNS, seed = DEFAULT_SEED } = options;
  const random = new Random(seed);
  for (let run = 0; run < runs; run += 1) yield generateCase(random, subject);
}
