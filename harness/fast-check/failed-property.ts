import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import type { TraceItem } from '../../src/trace/trace-item.ts';
import { capsuleOf } from '../explore/capsule.ts';
import { diagnose } from '../explore/diagnose.ts';
import { failureName, failuresOf, type RunFailure } from '../explore/run-failure.ts';
import { checkFaultPlan } from '../faults/parse-fault-plan.ts';
import { FaultPlanError } from '../faults/fault-plan-error.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import { packageVersion } from '../package-version.ts';
import { wholeTraceOf } from '../scenario/judge-run.ts';
import { parseScenarioObject } from '../scenario/parse-scenario.ts';
import { runsOf } from '../scenario/runs-of.ts';
import { ScenarioError } from '../scenario/scenario-error.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { RunResult } from '../sim/run-result.ts';
import { runScenario } from '../sim/run-scenario.ts';

/** What fast-check says of a property that has failed, once it is shrunk. */
export interface FailedProperty {
  readonly seed: number;
  readonly path: string;
  /** The smallest values with which it fails. */
  readonly values: readonly unknown[];
  readonly error: unknown;
  /** What the recorder of the property held when it failed with them. */
  readonly recorded: readonly TraceItem[] | null;
}

/** What is kept of it. */
export interface Kept {
  /** Of its files, without an ending: what fails with the same counterexample in the same way has the same name, whatever seed has found it. */
  readonly name: string;
  /** A capsule that `relayscope run` repeats; else the values as text. */
  readonly kind: 'capsule' | 'values';
  readonly document: object;
  readonly trace: readonly TraceItem[] | null;
  /** What is wrong with the run of the capsule. Null: nothing, or there is no run. */
  readonly failure: string | null;
}

const NAME_CHARS = 8;

/** What to keep of a property that has failed: of one about a scenario a capsule, of any other the values. */
export function keptOf(failed: FailedProperty): Kept {
  const scenario = failed.values.map(asScenario).find((value) => value !== null);
  return scenario === undefined ? valuesOf(failed) : capsuleFor(scenario, failed);
}

function capsuleFor(scenario: Scenario, { seed, path, recorded }: FailedProperty): Kept {
  const [dialect = 'checked'] = scenario.dialects;
  const one = { ...scenario, dialects: [dialect] };
  const { result, failures } = tryOnce(one);
  const [first] = failures;
  const name = first === undefined ? 'A property fails' : failureName(first);
  const capsule = capsuleOf({
    title: `${name}: a property, seed ${seed}`,
    scenario: one,
    result,
    versions: { relayscope: packageVersion(), node: process.versions.node, 'fast-check': fc.__version },
    why: diagnose(one, dialect),
  });
  const [run] = runsOf(capsule, { chunkBytes: 'own' });
  return {
    name: fileName(first?.what ?? 'property', JSON.stringify([one.options, one.seed, one.a, one.b, one.plan, dialect])),
    kind: 'capsule',
    document: { ...capsule, property: { seed, path } },
    // What the property's own recorder saw says more of it; one that ends with an exception has no trace of its own.
    trace: recorded ?? (run === undefined || result === null ? null : wholeTraceOf(run)),
    failure: first === undefined ? null : `${failureName(first)}: ${first.message}`,
  };
}

function tryOnce(scenario: Scenario): { result: RunResult | null; failures: readonly RunFailure[] } {
  try {
    const result = runScenario(scenario);
    return { result, failures: failuresOf(scenario, result) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { result: null, failures: [{ what: 'exception', direction: null, message }] };
  }
}

function valuesOf({ seed, path, values, error, recorded }: FailedProperty): Kept {
  const text = fc.stringify(values);
  const message = error instanceof Error ? error.message : String(error);
  const plan = values.map(asPlan).find((value) => value !== null);
  return {
    // Many properties fail with the same smallest values, such as [0].
    name: fileName('property', JSON.stringify([text, message])),
    kind: 'values',
    document: {
      property: { seed, path },
      values: text,
      ...(plan === undefined ? {} : { plan }),
      error: message,
      versions: { relayscope: packageVersion(), node: process.versions.node, 'fast-check': fc.__version },
    },
    trace: recorded,
    failure: null,
  };
}

function fileName(what: string, content: string): string {
  return `${what}-${createHash('sha256').update(content).digest('hex').slice(0, NAME_CHARS)}`;
}

/** Null: it is none, or none that a capsule can hold. */
function asScenario(value: unknown): Scenario | null {
  if (typeof value !== 'object' || value === null || !('dialects' in value) || !('expect' in value)) return null;
  try {
    const scenario = parseScenarioObject(value);
    return scenario.live === undefined ? scenario : null;
  } catch (error) {
    if (error instanceof ScenarioError) return null;
    throw error;
  }
}

function asPlan(value: unknown): FaultPlan | null {
  if (typeof value !== 'object' || value === null || !('faults' in value)) return null;
  try {
    return checkFaultPlan(value);
  } catch (error) {
    if (error instanceof FaultPlanError) return null;
    throw error;
  }
}
