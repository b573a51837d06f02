import { z } from 'zod';
import type { FaultDefinition } from './fault-definition.ts';

/** Bounds of what a plan may ask for. */
export const MAX_BYTES = 0x3fffffff;
export const MAX_MS = 1_000_000_000;
const MAX_TEXT_CHARS = 1000;
/** Of a fault's text in the trace. */
const MAX_FAULT_TEXT_CHARS = 160;

/** A whole number of a plan. The message of an issue is what was expected, as a phrase. */
export function whole(least: number, most: number): z.ZodInt {
  const error = `a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, error).max(most, error);
}

export function number(least: number, most: number): z.ZodNumber {
  const error = `a number from ${least} to ${most}`;
  return z.number({ error }).min(least, error).max(most, error);
}

export function text(most = MAX_TEXT_CHARS): z.ZodString {
  return z.string({ error: 'a text' }).max(most, `a text of at most ${most} characters`);
}

export function oneOf<const T extends readonly string[]>(values: T): z.ZodEnum<{ [k in T[number]]: k }> {
  return z.enum(values, { error: `one of ${values.join(', ')}` });
}

/** A number of bytes, at least one. */
export function bytes(byDefault: number, description: string): z.ZodDefault<z.ZodInt> {
  return whole(1, MAX_BYTES).default(byDefault).describe(description);
}

export function milliseconds(byDefault: number, description: string): z.ZodDefault<z.ZodNumber> {
  return number(0, MAX_MS).default(byDefault).describe(description);
}

/** Something that is so or not, and by default is not. */
export function flag(description: string): z.ZodDefault<z.ZodBoolean> {
  return z.boolean({ error: 'true or false' }).default(false).describe(description);
}

/** A fault as the trace has it: `count (by 1)`. */
export function faultText(definition: FaultDefinition, parameters: Readonly<Record<string, unknown>>): string {
  const fields = Object.entries(parameters).filter(([, value]) => value !== undefined);
  if (fields.length === 0) return definition.name;
  const shown = fields.map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const whole = `${definition.name} (${shown.join(', ')})`;
  return whole.length <= MAX_FAULT_TEXT_CHARS ? whole : `${whole.slice(0, MAX_FAULT_TEXT_CHARS)}…`;
}
