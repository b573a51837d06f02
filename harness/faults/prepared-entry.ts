import { z } from 'zod';
import type { FaultDefinition } from './fault-definition.ts';
import { faultText } from './fault-parameters.ts';
import type { FaultEntry } from './fault-plan.ts';
import { triggerOf, type Trigger } from './trigger.ts';

/** What an entry of a plan comes to, whatever it is applied to. */
export interface PreparedEntry {
  /** Its own fields, with their defaults. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** `count (by 1)` */
  readonly text: string;
  readonly trigger: Trigger;
}

const prepared = new WeakMap<FaultEntry, PreparedEntry>();

/** Made once for each entry: a campaign applies the same one a million times. */
export function prepareEntry(definition: FaultDefinition, entry: FaultEntry): PreparedEntry {
  const before = prepared.get(entry);
  if (before !== undefined) return before;
  // Not strict: the entry's other fields are those of every fault.
  const parameters = z.object(definition.parameters.shape).parse(entry);
  const made = { parameters, text: faultText(definition, parameters), trigger: triggerOf(entry) };
  prepared.set(entry, made);
  return made;
}
