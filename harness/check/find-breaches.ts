import { Random } from '../sim/random.ts';
import type { CheckOptions, InnerKind } from './check-options.ts';
import { fixedCases } from './fixed-cases.ts';
import { FoundBreaches } from './found-breaches.ts';
import { generateCase } from './generate-case.ts';
import { runCase } from './run-case.ts';
import type { StreamCase } from './stream-case.ts';
import type { Subject } from './subject.ts';

/** Each defect that is known here is found by the first hundred; the checks of a test file have to be over in a second or so. */
const DEFAULT_RUNS: Readonly<Record<InnerKind, number>> = { poll: 1000, duplex: 300, websocket: 300 };
export const DEFAULT_SEED = 1;

type Sought = Pick<CheckOptions, 'inner' | 'case' | 'runs' | 'seed'>;

/** Runs the fixed cases and those of the seed, or the one that is given. */
export async function findBreaches(
  subject: Subject,
  options: Sought & Pick<CheckOptions, 'onCase'>,
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

function* casesOf(subject: Subject, options: Sought): Generator<StreamCase> {
  if (options.case !== undefined) {
    yield options.case;
    return;
  }
  yield* fixedCases(subject);
  const { inner = 'poll', seed = DEFAULT_SEED } = options;
  const { runs = DEFAULT_RUNS[inner] } = options;
  const random = new Random(seed);
  for (let run = 0; run < runs; run += 1) yield generateCase(random, subject);
}
