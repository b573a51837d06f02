import { z } from 'zod';
import { pathText, shownValue } from '../scenario/scenario-error.ts';
import { CheckError } from './check-error.ts';
import type { StreamCase } from './stream-case.ts';

/** Of a step. */
const MAX_BYTES = 1 << 27;
const MAX_STEPS = 10_000;
const MAX_PENDING = 1_000_000;

function whole(most: number) {
  const error = `a whole number from 1 to ${most}`;
  return z.int({ error }).min(1, error).max(most, error);
}

const yes = z.boolean({ error: 'true or false' }).exactOptional();
const bytes = whole(MAX_BYTES);

/** By its kind, so that an error is about that step. */
const STEPS: Readonly<Record<string, z.ZodType>> = {
  write: only({ bytes, given: yes }),
  read: only({ bytes, chunk: yes }),
  flush: only({}),
  shutdown: only({}),
  poll: only({ half: z.enum(['read', 'write'], { error: 'read or write' }), newWaker: yes }),
  'far-write': only({ bytes }),
  'far-end': only({}),
  'far-read': only({ bytes }),
  fail: only({}),
  turn: only({}),
};

function only(shape: z.core.$ZodLooseShape) {
  return object({ kind: z.string(), ...shape });
}

function object<T extends z.core.$ZodLooseShape>(shape: T) {
  return z.strictObject(shape, { error: `an object with ${Object.keys(shape).join(', ')}` });
}

const step = z.unknown().superRefine((value, context) => {
  const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
  const schema = typeof kind === 'string' && Object.hasOwn(STEPS, kind) ? STEPS[kind] : undefined;
  if (schema === undefined) {
    context.addIssue({ code: 'custom', message: `a step whose kind is one of ${Object.keys(STEPS).join(', ')}` });
    return;
  }
  for (const { message, path } of schema.safeParse(value).error?.issues ?? [])
    context.addIssue({ code: 'custom', message, path: [...path] });
});

const schema = object({
  inner: object({
    capacityBytes: bytes.exactOptional(),
    chunkBytes: bytes.exactOptional(),
    pendingEvery: whole(MAX_PENDING).exactOptional(),
    wakesAtOnce: yes,
    holds: yes,
    chunks: yes,
  }),
  steps: z.array(step, { error: 'a list of steps' }).max(MAX_STEPS, `at most ${MAX_STEPS} steps`),
  endsFirst: z.enum(['near', 'far'], { error: 'near or far' }).exactOptional(),
});

/** Reads a case out of the text of a file. Throws CHECK_CASE_MALFORMED with the path of what is wrong. */
export function parseStreamCase(text: string, file: string): StreamCase {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw malformed(file, error instanceof Error ? error.message : String(error));
  }
  const wrong = wrongInCase(value);
  if (wrong !== null) throw malformed(file, wrong);
  // The schema is the type, but for steps, which it has checked one by one.
  return value as StreamCase;
}

/** What is no case about a value, and where; null: it is one. */
export function wrongInCase(value: unknown): string | null {
  const { success, error } = schema.safeParse(value);
  if (success) return null;
  const [issue] = error.issues;
  const path = issue?.path ?? [];
  const where = path.length === 0 ? '' : `${pathText(path)}: `;
  return `${where}expected ${issue?.message ?? 'a case'}, got ${shownValue(valueAt(value, path))}`;
}

function malformed(file: string, what: string): CheckError {
  return new CheckError('CHECK_CASE_MALFORMED', `Malformed case ${file}: ${what}`);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const key of path)
    at = typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined;
  return at;
}
