import type { CheckOptions, InnerKind, StreamFactory } from './check-options.ts';
import type { CheckReport } from './check-report.ts';
import { DEFAULT_SEED, findBreaches } from './find-breaches.ts';
import { reportText } from './report-text.ts';
import { runCase } from './run-case.ts';
import { STREAM_LAWS, type StreamLaw } from './stream-law.ts';
import { subjectOf } from './subject-of.ts';
import { tellBroken } from './tell-broken.ts';
import { validateOptions } from './validate-options.ts';

/**
 * Proves a stream against its contract, or says which of its laws it breaks and shows a case for each. Never throws for a
 * broken law; throws CheckError if there is nothing that could be checked.
 */
export async function checkStream<Kind extends InnerKind = 'poll'>(
  factory: StreamFactory<Kind>,
  options: CheckOptions<Kind> = {},
): Promise<CheckReport> {
  validateOptions(options);
  const subject = subjectOf(factory, options);
  const { seed = DEFAULT_SEED, laws = STREAM_LAWS } = options;
  const { found, runs } = await findBreaches(subject, options);
  const { broken } = found;
  const { notApplicable } = subject;
  const asked = laws.filter((law) => !notApplicable.some((other) => other.law === law));
  const isBroken = (law: StreamLaw): boolean => broken.some(({ breach }) => breach.law === law);
  const report = {
    broken: await tellBroken(
      broken.filter(({ breach }) => asked.includes(breach.law)),
      (streamCase) => {
        options.onCase?.(streamCase);
        return runCase(subject, streamCase);
      },
      factory,
      options,
    ),
    passed: asked.filter((law) => !found.has(law)),
    unjudged: asked.filter((law) => found.has(law) && !isBroken(law)),
    notApplicable: notApplicable.filter(({ law }) => laws.includes(law)),
    seed,
    runs,
  };
  return { ...report, text: () => reportText(report, options.case !== undefined) };
}
