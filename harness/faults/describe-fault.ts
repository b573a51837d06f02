import type { z } from 'zod';
import type { FaultDefinition } from './fault-definition.ts';

/** One field of a fault's own, for a person. */
export interface ParameterText {
  readonly name: string;
  /** In words: `added to the true count`. */
  readonly what: string;
  readonly byDefault: unknown;
}

/** A fault's own fields, with what they mean and their defaults. */
export function parameterTexts(definition: FaultDefinition): ParameterText[] {
  const defaults = definition.parameters.safeParse({});
  return Object.entries(definition.parameters.shape).map(([name, schema]) => ({
    name,
    // Every parameter of a fault is made by zod proper, whose schemas have a description.
    what: (schema as z.ZodType).description ?? '',
    byDefault: defaults.success ? defaults.data[name] : undefined,
  }));
}

/** `by: added to the true count (1)` */
export function parametersLine(definition: FaultDefinition): string {
  return parameterTexts(definition)
    .map(({ name, what, byDefault }) => {
      const value = byDefault === undefined ? '' : ` (${JSON.stringify(byDefault)})`;
      return `${name}: ${what}${value}`;
    })
    .join('; ');
}
