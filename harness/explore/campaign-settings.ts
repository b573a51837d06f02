import { resolveDialect } from '../../src/copy/dialect.ts';
import type { FaultDefinition } from '../faults/fault-definition.ts';
import { FAULTS, findFault } from '../faults/fault-registry.ts';

/** All that a campaign's runs follow from, together with their numbers. */
export interface CampaignSettings {
  /** 0 … 2^53 − 1. */
  readonly seed: number;
  readonly dialect: string;
  /** Names of faults of the poll level, out of which the plans are made. */
  readonly faults: readonly string[];
  /** Each run is recorded, with all that can be seen, and a finding in a healthy one is a failure. Default: false. */
  readonly diagnosed?: boolean;
}

/** What a correct copy has to come through whole. */
export function benignFaults(): string[] {
  return pollFaults()
    .filter(({ benign }) => benign)
    .map(({ name }) => name);
}

/** Those that can be injected in memory. */
export function pollFaults(): FaultDefinition[] {
  return FAULTS.filter(({ level }) => level === 'poll');
}

/** Whether the copy may fail, since something of the plan is no stream's right. */
export function isHostile(names: readonly string[]): boolean {
  return names.some((name) => findFault(name)?.benign !== true);
}

/** The dialect's traits, as far as they limit what can be asked of it. Throws DIALECT_UNKNOWN. */
export function possibleOptions(dialect: string): { readonly hasBufferSizes: boolean; readonly takesBudget: boolean } {
  return resolveDialect(dialect);
}
