import { z } from 'zod';
import type { FaultDefinition } from './fault-definition.ts';
import type { FaultPlan } from './fault-plan.ts';
import { MAX_BYTES, MAX_MS, number, oneOf, whole } from './fault-parameters.ts';
import { findFault } from './fault-registry.ts';
import { TRIGGER_KINDS, type TriggerKind } from './trigger.ts';

/**
 * What a plan may hold, also as a part of a scenario's schema. The message of an issue is what was expected, as a phrase
 * that follows the word "expected".
 */

const MAX_FAULTS = 1000;
const MAX_COUNT = 1_000_000_000;

const TRIGGERS: Readonly<Record<TriggerKind, z.ZodNumber>> = {
  call: whole(1, MAX_COUNT),
  every: whole(1, MAX_COUNT),
  byte: whole(1, Number.MAX_SAFE_INTEGER),
  frame: whole(1, MAX_COUNT),
  atMs: number(0, MAX_MS),
  chance: number(0, 1),
};

/** Exactly one trigger; only frames have a number of their own. */
function whenOf(definition: FaultDefinition) {
  const kinds = TRIGGER_KINDS.filter((kind) => kind !== 'frame' || definition.level === 'websocket');
  const expected = `one of ${kinds.join(', ')}`;
  return z.unknown().superRefine((value, context) => {
    const keys = isObject(value) ? Object.keys(value) : [];
    const unknown = keys.find((key) => !kinds.some((kind) => kind === key));
    const [key] = keys;
    if (!isObject(value) || key === undefined || keys.length > 1 || unknown !== undefined) {
      context.addIssue({ code: 'custom', message: expected, path: unknown === undefined ? [] : [unknown] });
      return;
    }
    // One of the kinds: the others were found unknown.
    for (const { message, path } of TRIGGERS[key as TriggerKind].safeParse(value[key]).error?.issues ?? [])
      context.addIssue({ code: 'custom', message, path: [key, ...path] });
  });
}

const schemas = new Map<string, z.ZodType>();

/** The fields of one fault: those of every fault, and its own. */
function schemaOf(definition: FaultDefinition): z.ZodType {
  const made = schemas.get(definition.name);
  if (made !== undefined) return made;
  const schema = z.strictObject({
    fault: z.string(),
    side: oneOf(['a', 'b']).exactOptional(),
    half: oneOf(definition.halves).exactOptional(),
    connection: whole(1, 0x7fffffff).exactOptional(),
    when: whenOf(definition).exactOptional(),
    times: whole(1, MAX_COUNT).exactOptional(),
    forMs: number(0, MAX_MS).exactOptional(),
    generator: whole(1, MAX_BYTES).exactOptional(),
    ...definition.parameters.shape,
  });
  schemas.set(definition.name, schema);
  return schema;
}

/** By the fault's name, so that an error is about that fault, and not about all of them. */
export const faultEntrySchema = z.unknown().superRefine((value, context) => {
  // The whole entry is shown, so that a misspelled field is seen.
  if (!isObject(value) || !('fault' in value)) {
    context.addIssue({ code: 'custom', message: 'a fault, such as { fault: count, by: 1 }' });
    return;
  }
  const name = value['fault'];
  const definition = typeof name === 'string' ? findFault(name) : undefined;
  if (definition === undefined) {
    context.addIssue({ code: 'custom', message: 'the name of a fault (relayscope list faults)', path: ['fault'] });
    return;
  }
  const schema = schemaOf(definition);
  for (const issue of schema.safeParse(value).error?.issues ?? []) {
    const unknownKey = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
    const message = unknownKey === undefined ? issue.message : fieldsText(definition);
    const path = unknownKey === undefined ? issue.path : [...issue.path, unknownKey];
    context.addIssue({ code: 'custom', message, path: [...path] });
  }
});

function fieldsText(definition: FaultDefinition): string {
  const own = Object.keys(definition.parameters.shape);
  return `a field of ${definition.name} (${[...own, 'side', 'half', 'connection', 'when', 'times', 'forMs'].join(', ')})`;
}

export const faultPlanSchema = z.strictObject(
  {
    seed: whole(0, Number.MAX_SAFE_INTEGER).exactOptional(),
    faults: z.array(faultEntrySchema, { error: 'a list of faults' }).max(MAX_FAULTS, `at most ${MAX_FAULTS} faults`),
  },
  {
    error: (issue) => (issue.code === 'unrecognized_keys' ? 'one of seed, faults' : 'an object with seed, faults'),
  },
);

/** What the schema has found good is a plan: it checks entries one by one, which its type cannot say. */
export function asFaultPlan(checked: z.output<typeof faultPlanSchema>): FaultPlan {
  return checked as FaultPlan;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
