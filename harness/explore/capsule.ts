import type { Expectation, Scenario } from '../scenario/scenario.ts';
import type { RunResult } from '../sim/run-result.ts';
import type { Diagnosed } from './diagnose.ts';

interface CapsuleOptions {
  readonly title: string;
  readonly scenario: Scenario;
  /** Null: the run ended with an exception, and a repetition is expected not to. */
  readonly result: RunResult | null;
  readonly versions: Readonly<Record<string, string>>;
  /** What its trace is found to suffer from. */
  readonly why: readonly Diagnosed[];
}

/** A failed run as a scenario that expects just what came out of it. It repeats that one run, and none beside it. */
export function capsuleOf({ title, scenario, result, versions, why }: CapsuleOptions): Scenario {
  const { dialects, options, a, b, plan } = scenario;
  return {
    title,
    dialects,
    options,
    seed: scenario.seed,
    a,
    b,
    plan,
    expect: result === null ? { outcome: 'completed' } : { ...expectationOf(result), ...findingsOf(why) },
    swapped: { not: 'a capsule repeats one run' },
    chunks: { not: 'a capsule repeats one run' },
    versions,
  };
}

function expectationOf({ outcome, direction, error, counts, delivered, broken, waits }: RunResult): Expectation {
  const laws = [...new Set(broken.map(({ law }) => law))];
  // What a wrong count has made NaN has no place in JSON.
  const areCounts = Number.isFinite(counts.aToB) && Number.isFinite(counts.bToA);
  return {
    outcome,
    ...(direction === null ? {} : { direction }),
    ...(error === null ? {} : { code: error.code }),
    ...(areCounts ? { counts: { aToB: counts.aToB, bToA: counts.bToA } } : {}),
    delivered: { aToB: delivered.aToB.length, bToA: delivered.bToA.length },
    ...(laws.length === 0 ? {} : { breaks: laws }),
    ...(waits.length === 0 ? {} : { waits: waits.map((wait) => ({ ...wait })) }),
  };
}

/** Where there are none nothing is expected: what nobody finds yet may be found one day. */
function findingsOf(why: readonly Diagnosed[]): Pick<Expectation, 'findings'> {
  return why.length === 0 ? {} : { findings: why.map(({ class: name, direction }) => ({ class: name, direction })) };
}

/** `conservation-seed-42-run-1234.capsule.json` */
export function capsuleName(what: string, seed: number, run: number): string {
  return `${what}-seed-${seed}-run-${run}.capsule.json`;
}

export function capsuleText(capsule: Scenario): string {
  return `${JSON.stringify(capsule, null, 2)}\n`;
}
