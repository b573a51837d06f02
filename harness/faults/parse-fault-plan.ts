import { readYaml, type YamlValue } from '../scenario/read-yaml.ts';
import { pathText, ScenarioError, shownValue } from '../scenario/scenario-error.ts';
import { FaultPlanError } from './fault-plan-error.ts';
import { asFaultPlan, faultPlanSchema } from './fault-plan-schema.ts';
import type { FaultPlan } from './fault-plan.ts';

/** A longer plan is refused. */
export const MAX_PLAN_BYTES = 1024 * 1024;

/**
 * Reads a plan from a text in YAML or JSON. Throws FAULT_PLAN_MALFORMED with file, line and path of what is wrong.
 *
 * @example
 * const plan = parseFaultPlan('faults:\n  - fault: count\n    by: 1\n    side: b\n', 'plan.yaml');
 */
export function parseFaultPlan(text: string, file: string): FaultPlan {
  const length = Buffer.byteLength(text);
  if (length > MAX_PLAN_BYTES)
    throw new FaultPlanError({ path: '', expected: `at most ${MAX_PLAN_BYTES} bytes`, got: `${length}`, file });
  let yaml: YamlValue;
  try {
    yaml = readYaml(text, file, 1);
  } catch (cause) {
    if (!(cause instanceof ScenarioError)) throw cause;
    const { path, expected, got, line } = cause;
    throw new FaultPlanError({ path, expected, got, file, line }, { cause });
  }
  return checkFaultPlan(yaml.value, yaml);
}

/** Checks a plan that is an object already. Throws FAULT_PLAN_MALFORMED with the path of the first thing that is wrong. */
export function checkFaultPlan(value: unknown, source?: Pick<YamlValue, 'file' | 'lineOf'>): FaultPlan {
  const checked = faultPlanSchema.safeParse(value);
  if (checked.success) return asFaultPlan(checked.data);
  const issues = checked.error.issues.map((issue) => {
    const unknownKey = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
    const path = unknownKey === undefined ? issue.path : [...issue.path, unknownKey];
    return {
      path: pathText(path),
      expected: issue.message,
      got: shownValue(valueAt(value, path)),
      file: source?.file,
      line: source?.lineOf(path),
    };
  });
  const [first] = issues.sort((x, y) => (x.line ?? 0) - (y.line ?? 0));
  throw new FaultPlanError(first ?? { path: '', expected: 'a fault plan', got: shownValue(value) });
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const key of path)
    at = typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined;
  return at;
}
