import type { FaultPlan } from '../faults/fault-plan.ts';
import type { Mismatch } from './compare-run.ts';

/**
 * Which faults of a plan have not fired: a story about something that does not happen in it would be a test that passes.
 *
 * @param texts are those of the faults that have, as the trace has them: `count (by 1)`.
 */
export function compareFired({ faults }: FaultPlan, texts: Iterable<string>): Mismatch[] {
  const fired = new Set([...texts].map((text) => text.split(' (')[0]));
  return faults.flatMap(({ fault }, index) =>
    fired.has(fault)
      ? []
      : [{ path: `plan.faults[${index}]`, expected: `${fault} to fire`, got: 'nothing that it could act on' }],
  );
}
