import { z } from 'zod';
import { resolveDialect } from '../../src/copy/dialect.ts';
import { FINDING_CLASSES } from '../../src/diagnose/finding-class.ts';
import { RelayscopeError } from '../../src/errors.ts';
import { EXTENSION_TYPES } from '../../src/trace/extension.ts';
import { faultPlanSchema } from '../faults/fault-plan-schema.ts';
import { ENGINE_NAMES } from '../sim/engines/engine-names.ts';
import { beginsAnEvent } from './event-line.ts';
import { LIVE_ADAPTERS, LIVE_RELAYS } from './live/live-setup.ts';
import { LAWS, RUN_OUTCOMES } from './scenario.ts';

/**
 * What a document's block and a capsule may hold. The message of an issue is what was expected, as a phrase that
 * follows the word "expected".
 */

/** Bounds of what comes from outside. */
export const MAX_ENTRIES = 10_000;
const MAX_LIST = 1000;
const MAX_TEXT_CHARS = 65_536;
const MAX_LINE_CHARS = 1000;
const MAX_BYTES = 0x3fffffff;
const MAX_MS = 1_000_000_000;
const MAX_POLLS = 10_000_000;
const MAX_STEPS = 100_000_000;
const MAX_DIALECTS = 100;
/** Of what takes real time and real memory. */
const MAX_LIVE_MS = 60_000;
const MAX_LIVE_BYTES = 64 << 20;
const MAX_CONNECTIONS = 100;

const LONGEST_DIALECT = 40;

/** An object with these keys and no others. */
function only<T extends z.core.$ZodLooseShape>(shape: T) {
  const names = Object.keys(shape);
  const keys = names.join(', ');
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code !== 'unrecognized_keys'
        ? `an object with ${keys}`
        : names.length > 1
          ? `one of ${keys}`
          : `only ${keys}`,
  });
}

function whole(least: number, most: number) {
  const error = `a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, error).max(most, error);
}

function text(most: number) {
  return z
    .string({ error: 'a text' })
    .min(1, 'a text that is not empty')
    .max(most, `a text of at most ${most} characters`);
}

function listOf<T extends z.ZodType>(item: T, most: number) {
  return z.array(item, { error: 'a list' }).max(most, `a list of at most ${most} entries`);
}

function oneOf<const T extends readonly string[]>(values: T) {
  return z.enum(values, { error: `one of ${values.join(', ')}` });
}

const bytes = whole(0, MAX_BYTES);
const seed = whole(0, Number.MAX_SAFE_INTEGER);
const direction = oneOf(['a -> b', 'b -> a']);
const reason = only({ not: text(MAX_LINE_CHARS) });

const hex = z
  .string({ error: 'an even number of hexadecimal digits' })
  .max(MAX_TEXT_CHARS, `at most ${MAX_TEXT_CHARS} hexadecimal digits`)
  .regex(/^(?:[0-9a-fA-F]{2})+$/, 'an even number of hexadecimal digits');
/** To the microsecond, as traces tell time. */
const delay = z
  .number({ error: `a number from 0 to ${MAX_MS}` })
  .min(0, `a number from 0 to ${MAX_MS}`)
  .max(MAX_MS, `a number from 0 to ${MAX_MS}`);
/** Beside the document, and nowhere else: a document comes from anybody. */
const file = z
  .string({ error: 'the name of a file beside the document' })
  .regex(/^[A-Za-z0-9][\w.-]{0,100}$/, 'the name of a file beside the document, such as story.a.bin');
const waitMs = only({ waitMs: delay, received: bytes.exactOptional() });
const received = only({ received: bytes, waitMs: delay.exactOptional() });
const returns = only({
  returns: only({
    // Over a bigint a faithful copy itself throws, whatever it is.
    type: oneOf(EXTENSION_TYPES.filter((type) => type !== 'bigint')),
    value: z.union([z.number(), z.nan(), z.string().max(MAX_LINE_CHARS)], { error: 'a number or a text' }),
  }),
});

/** What is wrong by another schema is wrong by this one; an unknown key stays one, to be shown itself. */
function passOn(schema: z.ZodType, value: unknown, context: z.RefinementCtx): void {
  for (const issue of schema.safeParse(value).error?.issues ?? []) {
    const { message, path } = issue;
    if (issue.code === 'unrecognized_keys')
      context.addIssue({ code: 'unrecognized_keys', keys: issue.keys, message, path: [...path] });
    else context.addIssue({ code: 'custom', message, path: [...path] });
  }
}

/** One of these words, or an object whose schema is found by a key of it, so that an error is about that one, and not about all. */
function wordOr(words: readonly string[], objects: Readonly<Record<string, z.ZodType>>, begin: string) {
  const known = [...words.map((word) => JSON.stringify(word)), ...Object.keys(objects).map((key) => `{ ${key} }`)];
  return z.unknown().superRefine((value, context) => {
    if (words.includes(value as string)) return;
    const keys = new Set(typeof value === 'object' && value !== null ? Object.keys(value) : []);
    const schema = Object.entries(objects).find(([key]) => keys.has(key))?.[1];
    if (schema === undefined) {
      context.addIssue({ code: 'custom', message: `${begin} ${known.join(', ')}` });
      return;
    }
    passOn(schema, value, context);
  });
}

function entryOf(words: readonly string[], objects: Readonly<Record<string, z.ZodType>>) {
  const other = wordOr(words, objects, 'a count of bytes,');
  return z.unknown().superRefine((value, context) => {
    if (bytes.safeParse(value).success) return;
    passOn(other, value, context);
  });
}

const readEntry = entryOf(['p', 'x', 'e'], {
  text: only({ text: text(MAX_TEXT_CHARS) }),
  hex: only({ hex }),
  file: only({ file, from: bytes, bytes }),
  bytes: only({ bytes }),
  waitMs,
  received,
  returns,
});
const writeEntry = entryOf(['p', 'x', 'e', 'z'], {
  d: only({ d: whole(-MAX_BYTES, MAX_BYTES) }),
  waitMs,
  received,
  returns,
});
const endEntry = entryOf(['p', 'x', 'e'], { waitMs, received, returns });

const side = only({
  read: listOf(readEntry, MAX_ENTRIES).exactOptional(),
  write: listOf(writeEntry, MAX_ENTRIES).exactOptional(),
  flush: listOf(endEntry, MAX_ENTRIES).exactOptional(),
  shutdown: listOf(endEntry, MAX_ENTRIES).exactOptional(),
});

const dialect = z
  .string({ error: 'the name of a dialect' })
  .max(LONGEST_DIALECT, 'the name of a dialect')
  .refine(isDialect, {
    error: 'checked or a tokio release such as tokio-1.24.1 (0.2.0 to 1.x)',
  });

function isDialect(name: string): boolean {
  try {
    resolveDialect(name);
    return true;
  } catch (error) {
    if (error instanceof RelayscopeError) return false;
    throw error;
  }
}

const options = only({
  engine: oneOf(ENGINE_NAMES).exactOptional(),
  debugAssertions: z.boolean({ error: 'true or false' }).exactOptional(),
  coopBudget: z.boolean({ error: 'true or false' }).exactOptional(),
  bufferBytes: z
    .union([bytes, only({ aToB: bytes, bToA: bytes })], { error: 'a number of bytes, or { aToB, bToA }' })
    .exactOptional(),
  halfCloseTimeoutMs: whole(1, 0x7fffffff).exactOptional(),
  maxPolls: whole(1, MAX_POLLS).exactOptional(),
  maxSteps: whole(1, MAX_STEPS).exactOptional(),
  maxBytes: whole(1, MAX_BYTES).exactOptional(),
  maxMs: whole(1, MAX_MS).exactOptional(),
});

const delivered = z.union([bytes, z.string().max(MAX_TEXT_CHARS)], { error: 'a number of bytes, or the text itself' });
/** What was reported may be no count: NaN, where a stream returned that. */
const count = z.union([z.number(), z.nan()], { error: 'a number' });

const eventLine = text(MAX_LINE_CHARS).refine(beginsAnEvent, {
  error: 'the beginning of the line of an event, such as a -> b write offered 68',
});

const expectation = only({
  outcome: oneOf(RUN_OUTCOMES),
  direction: direction.exactOptional(),
  code: z
    .string({ error: 'the code of a CopyError' })
    .regex(/^[A-Z][A-Z0-9_]{1,60}$/, 'the code of a CopyError, such as WRITE_ZERO')
    .exactOptional(),
  counts: only({ aToB: count.exactOptional(), bToA: count.exactOptional() }).exactOptional(),
  delivered: only({ aToB: delivered.exactOptional(), bToA: delivered.exactOptional() }).exactOptional(),
  breaks: listOf(oneOf(LAWS), MAX_LIST).exactOptional(),
  unfired: listOf(text(MAX_LINE_CHARS), MAX_LIST).exactOptional(),
  waits: listOf(
    only({
      direction,
      half: oneOf(['read', 'write']),
      waker: z.boolean({ error: 'true or false' }).exactOptional(),
    }),
    MAX_LIST,
  ).exactOptional(),
  events: listOf(eventLine, MAX_LIST).exactOptional(),
  never: listOf(eventLine, MAX_LIST).exactOptional(),
  findings: listOf(only({ class: oneOf(FINDING_CLASSES), direction }), MAX_LIST).exactOptional(),
  golden: z
    .string({ error: 'a path' })
    .regex(
      /^traces\/golden\/[a-z0-9][a-z0-9/-]{0,100}\.ndjson$/,
      'a path such as traces/golden/story/off-by-one.ndjson',
    )
    .exactOptional(),
});

/** Other expectations, or why there are none: told apart by the key, so that an error is about the one that was meant. */
const otherwise = z.unknown().superRefine((value, context) => {
  const isReason = typeof value === 'object' && value !== null && 'not' in value;
  passOn(isReason ? reason : expectation, value, context);
});

const stepObjects: Readonly<Record<string, z.ZodType>> = {
  send: only({ send: text(MAX_TEXT_CHARS) }),
  sendBytes: only({ sendBytes: whole(1, MAX_LIVE_BYTES) }),
  receive: only({ receive: whole(1, MAX_LIVE_BYTES) }),
  waitMs: only({ waitMs: whole(0, MAX_LIVE_MS) }),
};
const steps = listOf(wordOr(['end', 'reset'], stepObjects, 'one of'), MAX_LIST);

const live = only({
  relay: oneOf(LIVE_RELAYS),
  adapter: oneOf(LIVE_ADAPTERS).exactOptional(),
  deflate: z.boolean({ error: 'true or false' }).exactOptional(),
  client: steps,
  origin: steps,
  connections: whole(1, MAX_CONNECTIONS).exactOptional(),
  limitMs: whole(1, MAX_LIVE_MS).exactOptional(),
});

/** As fast-check has them: a seed of 32 bits, and which value of each step of the shrinking. */
const property = only({
  seed: whole(-0x80000000, 0x7fffffff),
  path: z
    .string({ error: 'a path of fast-check, such as 3:0:1' })
    .max(MAX_TEXT_CHARS, 'a path of fast-check, such as 3:0:1')
    .regex(/^\d+(?::\d+)*$/, 'a path of fast-check, such as 3:0:1'),
});

export const scenarioSchema = only({
  title: text(MAX_LINE_CHARS),
  dialects: listOf(dialect, MAX_DIALECTS).min(1, 'at least one dialect'),
  options: options.default({}),
  seed: seed.default(1),
  a: side.default({}),
  b: side.default({}),
  plan: faultPlanSchema.default({ faults: [] }),
  expect: expectation,
  swapped: otherwise.exactOptional(),
  chunks: otherwise.exactOptional(),
  live: live.exactOptional(),
  versions: z.record(z.string(), z.string({ error: 'a text' }), { error: 'an object of texts' }).exactOptional(),
  property: property.exactOptional(),
});
