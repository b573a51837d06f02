import * as fc from 'fast-check';
import { checkOptionNames, type OptionNames } from '../check-option-names.ts';
import { RelayscopeError } from '../../src/errors.ts';
import type { FaultDefinition, FaultLevel } from '../faults/fault-definition.ts';
import type { FaultPlan, Side } from '../faults/fault-plan.ts';
import { FAULTS } from '../faults/fault-registry.ts';
import { faultEntries } from './fault-entries.ts';
import { printed } from './printed.ts';

export interface PlansOptions {
  /**
   * `benign`: what a correct copy has to come through whole. `all`, or names out of `relayscope list faults`, of that level.
   * Default: `all`.
   */
  readonly faults?: 'benign' | 'all' | readonly string[];
  /** What they break. Default: `poll`, a polled stream. */
  readonly level?: FaultLevel;
  /** Where they act. Default: either side, or both. */
  readonly side?: Side;
  /** Default: 0. */
  readonly minFaults?: number;
  /** Default: 4. */
  readonly maxFaults?: number;
}

const MAX_FAULTS = 4;
const OPTIONS: OptionNames<PlansOptions> = { faults: true, level: true, side: true, minFaults: true, maxFaults: true };

/**
 * Plans of faults, as `parseFaultPlan` reads them and `applyFaults` applies them. Smaller: fewer faults, at side a, with less said
 * of when, and with smaller numbers. Throws FAULT_UNKNOWN if there is no such fault at that level.
 *
 * @example
 * fc.assert(fc.property(plans({ faults: 'benign' }), (plan) => survives(applyFaults(stream, 'a', plan, context))));
 */
export function plans(options: PlansOptions = {}): fc.Arbitrary<FaultPlan> {
  checkOptionNames('PROPERTY_OPTION_INVALID', 'plans', options, OPTIONS);
  return planArbitrary(options);
}

/** The same out of options that have others beside them. */
export function planArbitrary(options: PlansOptions): fc.Arbitrary<FaultPlan> {
  const { minFaults = 0, maxFaults = MAX_FAULTS, side } = options;
  const kinds = faultsOf(options).map((definition) => faultEntries(definition, { side }));
  const faults =
    kinds.length === 0 ? fc.constant([]) : fc.array(fc.oneof(...kinds), { minLength: minFaults, maxLength: maxFaults });
  return faults.map((entries) => printed({ faults: entries }));
}

function faultsOf({ faults = 'all', level = 'poll' }: PlansOptions): FaultDefinition[] {
  const known = FAULTS.filter((fault) => fault.level === level);
  if (faults === 'all') return known;
  if (faults === 'benign') return known.filter(({ benign }) => benign);
  return faults.map((name) => {
    const found = known.find((fault) => fault.name === name);
    if (found !== undefined) return found;
    const got = JSON.stringify(name);
    throw new RelayscopeError(
      'FAULT_UNKNOWN',
      `Unknown fault: expected one of the ${level} level in relayscope list faults, got ${got}`,
    );
  });
}
