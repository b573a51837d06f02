import { Random } from '../sim/random.ts';
import type { Breach } from './breach.ts';
import type { CheckOptions, InnerKind, StreamFactory } from './check-options.ts';
import type { CheckReport } from './check-report.ts';
import { fixedCases } from './fixed-cases.ts';
import { FoundBreaches } from './found-breaches.ts';
import { generateCase } from './generate-case.ts';
import { reportText } from './report-text.ts';
import { runCase } from './run-case.ts';
import type { StreamCase } from './stream-case.ts';
import { STREAM_LAWS, type StreamLaw } from './stream-law.ts';
import { subjectOf } from './subject-of.ts';
import type { Subject } from './subject.ts';
import { tellBroken } from './tell-broken.ts';

const DEFAULT_RUNS = 1000;
const DEFAULT_SEED = 1;

/**
 * Proves a stream against its contract, or says which of its laws it breaks and shows a case for each. Never throws for a
 * broken law; throws CheckError if there is nothing that could be checked.
 */
export async function checkStream<Kind extends InnerKind = 'poll'>(
  factory: StreamFactory<Kind>,
  options: CheckOptions<Kind> = {},
): Promise<CheckReport> {
  const subject = subjectOf(factory, options);
  const { seed = DEFAULT_SEED, laws = STREAM_LAWS } = options;
  const found = new FoundBreaches();
  const runOne = (streamCase: StreamCase): Promise<Breach | null> => {
    options.onCase?.(streamCase);
    return runCase(subject, streamCase);
  };
  let runs = 0;
  for (const streamCase of casesOf(subject, options, seed)) {
    runs += 1;
    const breach = await runOne(streamCase);
    if (breach !== null) found.add(breach, streamCase);
  }
  const isBroken = (law: StreamLaw): boolean => found.broken.some(({ breach }) => breach.law === law);
  const report = {
    broken: await tellBroken(
      found.broken.filter(({ breach }) => laws.includes(breach.law)),
      runOne,
      factory,
      options,
    ),
    passed: laws.filter((law) => !found.has(law)),
    unjudged: laws.filter((law) => found.has(law) && !isBroken(law)),
    seed,
    runs,
  };
  return { ...report, text: () => reportText(report, options.case !== undefined) };
}

function* casesOf(subject: Subject, options: Pick<CheckOptions, 'case' | 'runs'>, seed: number): Generator<StreamCase> {
  if (options.case !== undefined) {
    yield options.case;
    return;
  }
  yield* fixedCases(subject);
  const random = new Random(seed);
  const { runs = DEFAULT_RUNS } = options;
  for (let run = 0; run < runs; run += 1) yield generateCase(random, subject);
}
