import * as fc from 'fast-check';
import { z } from 'zod';
import type { FaultDefinition } from '../faults/fault-definition.ts';
import type { FaultEntry, FaultTrigger, Side } from '../faults/fault-plan.ts';

/** What breaks at the hundredth call breaks at the eighth, too, or at none. */
const MOST_CALL = 8;
const MOST_BYTE = 130;
const MOST_MS = 20;
const MOST_TIMES = 5;
const MOST_PARAMETER = 1000;
const LEAST_PARAMETER = -64;
/** A fault that draws its chances from a generator of its own goes on drawing them when others are taken away. */
const GENERATORS = 16;

export interface EntryPlace {
  /** Default: either, or both. */
  readonly side?: Side | undefined;
}

/** One fault, with or without its own parameters, where it acts, and when. Smaller: with nothing said but its name and its side. */
export function faultEntries(definition: FaultDefinition, { side }: EntryPlace = {}): fc.Arbitrary<FaultEntry> {
  const fields = {
    side: side === undefined ? fc.constantFrom<Side | undefined>('a', 'b', undefined) : fc.constant(side),
    half: seldom(fc.constantFrom(...definition.halves)),
    when: fc.option(triggers(definition), { nil: undefined, freq: 2 }),
    times: seldom(fc.integer({ min: 1, max: MOST_TIMES })),
    generator: fc.integer({ min: 1, max: GENERATORS }),
  };
  return fc
    .tuple(fc.record(fields, { noNullPrototype: true }), parametersOf(definition))
    .map(([{ generator, ...place }, parameters]) => ({
      fault: definition.name,
      ...parameters,
      ...given({ ...place, ...(place.when !== undefined && 'chance' in place.when ? { generator } : {}) }),
    }));
}

function seldom<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary },
  );
}

function triggers({ level }: FaultDefinition): fc.Arbitrary<FaultTrigger> {
  const numbered = <K extends string>(key: K, most: number): fc.Arbitrary<{ readonly [k in K]: number }> =>
    // One key, of that name.
    fc.integer({ min: 1, max: most }).map((n) => ({ [key]: n }) as { readonly [k in K]: number });
  return fc.oneof<fc.Arbitrary<FaultTrigger>[]>(
    { withCrossShrink: true },
    numbered('call', MOST_CALL),
    numbered('every', MOST_CALL),
    numbered('byte', MOST_BYTE),
    numbered('atMs', MOST_MS),
    fc.constantFrom(0.5, 0.1, 0.9).map((chance) => ({ chance })),
    ...(level === 'websocket' ? [numbered('frame', MOST_CALL)] : []),
  );
}

/** What the fault's own schema lets be drawn; a set that it refuses is that of the defaults. */
function parametersOf({ parameters }: FaultDefinition): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const { properties = {} } = z.toJSONSchema(parameters, { io: 'input', unrepresentable: 'any' });
  const known = Object.entries(properties).flatMap(([name, schema]) => {
    const values = valuesOf(schema);
    return values === null ? [] : [[name, fc.option(values, { nil: undefined, freq: 2 })] as const];
  });
  return fc.record(Object.fromEntries(known), { noNullPrototype: true }).map((drawn) => {
    const set = given(drawn);
    return parameters.safeParse(set).success ? set : {};
  });
}

/** Null: the default alone. */
function valuesOf(schema: z.core.JSONSchema._JSONSchema): fc.Arbitrary<unknown> | null {
  if (typeof schema === 'boolean') return null;
  const { type, minimum = LEAST_PARAMETER, maximum = MOST_PARAMETER } = schema;
  const min = Math.max(minimum, Math.min(LEAST_PARAMETER, maximum));
  const max = Math.max(min, Math.min(maximum, MOST_PARAMETER));
  if (schema.enum !== undefined) return fc.constantFrom(...(schema.enum as unknown[]));
  if (type === 'integer') return fc.integer({ min: Math.ceil(min), max: Math.floor(max) });
  if (type === 'number') return fc.integer({ min: Math.ceil(min), max: Math.floor(max) });
  if (type === 'boolean') return fc.boolean();
  return null;
}

function given(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
