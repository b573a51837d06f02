import type { CheckOptions } from '../check/check-options.ts';
import { STREAM_LAWS, type StreamLaw } from '../check/stream-law.ts';
import type { CheckRun } from '../check/worker/run-check.ts';
import type { CheckCommandOptions } from './check-options.ts';
import type { Reproduced } from './check-reproduced.ts';

/** `not judged`: what was seen of it may follow from what is broken; `not applicable`: it cannot be asked of such a stream. */
export type LawOutcome = 'ok' | 'broken' | 'not judged' | 'not applicable';

/** Each law that was asked for, and what came of it. Empty, if the check did not come to its end. */
export function lawOutcomes(ran: CheckRun, { flags }: CheckCommandOptions): [StreamLaw, LawOutcome][] {
  if (ran.kind !== 'done') return [];
  // The check has come to its end with these options: they are what they are to be.
  const { laws: asked = STREAM_LAWS } = { ...(ran.begun.own as CheckOptions | null), ...flags };
  const { broken, passed, notApplicable } = ran.report;
  const outcomeOf = (law: StreamLaw): LawOutcome => {
    if (broken.some((one) => one.law === law)) return 'broken';
    if (notApplicable.some((one) => one.law === law)) return 'not applicable';
    return passed.includes(law) ? 'ok' : 'not judged';
  };
  return STREAM_LAWS.filter((law) => asked.includes(law)).map((law) => [law, outcomeOf(law)]);
}

/** What `--json` prints. */
export function checkedObject(ran: CheckRun, [latest]: readonly Reproduced[], options: CheckCommandOptions): object {
  const { adapter } = options;
  const report = ran.kind === 'done' ? ran.report : null;
  const told = { case: latest?.case ?? null, reproduction: latest?.test ?? null };
  return {
    schema: 1,
    module: adapter.shown,
    export: adapter.name,
    inner: ran.begun.inner,
    seed: report?.seed ?? null,
    runs: report?.runs ?? null,
    laws: lawOutcomes(ran, options).map(([law, outcome]) => ({ law, outcome })),
    broken: report?.broken ?? [],
    stuck: ran.kind === 'stuck' ? { message: ran.message, stack: ran.stack, ...told } : null,
    crashed: ran.kind === 'crashed' ? { message: ran.message, ...told } : null,
  };
}
