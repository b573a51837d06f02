import { Random } from '../sim/random.ts';
import type { Breach } from './breach.ts';
import type { CheckOptions, InnerKind, StreamFactory } from './check-options.ts';
import type { CheckReport } from './check-report.ts';
import { generateCase } from './generate-case.ts';
import { reportText } from './report-text.ts';
import { runCase } from './run-case.ts';
import type { StreamCase } from './stream-case.ts';
import { STREAM_LAWS, type StreamLaw } from './stream-law.ts';
import { subjectOf } from './subject-of.ts';
import type { Subject } from './subject.ts';
import { tellBroken, type FoundBreach } from './tell-broken.ts';

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
  const found = new Map<StreamLaw, FoundBreach>();
  const runOne = (streamCase: StreamCase): Promise<Breach | null> => {
    options.onCase?.(streamCase);
    return runCase(subject, streamCase);
  };
  let runs = 0;
  for (const streamCase of casesOf(subject, options, seed)) {
    runs += 1;
    const breach = await runOne(streamCase);
    if (breach !== null && laws.includes(breach.law) && !found.has(breach.law))
      found.set(breach.law, { breach, streamCase });
  }
  const broken = await tellBroken([...found.values()], runOne, factory, options);
  const report = { broken, passed: laws.filter((law) => !found.has(law)), seed, runs };
  return { ...report, text: () => reportText(report, options.case !== undefined) };
}

function* casesOf(subject: Subject, options: Pick<CheckOptions, 'case' | 'runs'>, seed: number): Generator<StreamCase> {
  if (options.case !== undefined) {
    yield options.case;
    return;
  }
  const random = new Random(seed);
  const { runs = DEFAULT_RUNS } = options;
  for (let run = 0; run < runs; run += 1) yield generateCase(random, subject);
}
