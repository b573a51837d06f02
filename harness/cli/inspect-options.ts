import { DEFAULT_LIMIT, MAX_LIMIT } from '../report/list-events.ts';
import { checkStatement } from '../report/sql-statement.ts';
import { eventFilter } from './filter-options.ts';
import { integerOption, parseOptions } from './parse-options.ts';
import { UsageError } from './usage-error.ts';

type EventFilterOf = ReturnType<typeof eventFilter>;

/** What to do with a trace. */
export type TraceView =
  | { readonly kind: 'screen' }
  | { readonly kind: 'sql'; readonly sql: string; readonly limit: number | null }
  | {
      readonly kind: 'events';
      readonly limit: number | null;
      readonly around: number | null;
      readonly firstViolation: boolean;
    };

export interface InspectOptions {
  readonly file: string;
  readonly json: boolean;
  /** Why the file may not be a trace, or not a capture: options that only the other has. */
  readonly captureOnly: string | null;
  readonly traceOnly: string | null;
  readonly trace: { readonly filter: EventFilterOf; readonly view: TraceView };
  /** Of a capture: one connection, or null; so many connections or entries, or null. */
  readonly capture: { readonly flow: number | null; readonly limit: number | null; readonly text: boolean };
}

const MAX_FLOW_ID = 999_999_999_999;

/** The command line of `inspect`. Whether it fits is known when the file has been looked at. Throws UsageError. */
export function inspectOptions(args: readonly string[]): InspectOptions {
  const { values, positionals } = parseOptions(args, {
    direction: { type: 'string' },
    connection: { type: 'string', multiple: true },
    kind: { type: 'string', multiple: true },
    around: { type: 'string' },
    'first-violation': { type: 'boolean' },
    limit: { type: 'string' },
    sql: { type: 'string' },
    json: { type: 'boolean' },
    flow: { type: 'string' },
    text: { type: 'boolean' },
  });
  const [file] = positionals;
  if (file === undefined || file === '')
    throw new UsageError('No file: expected a trace or a capture, or - for standard input');
  if (positionals.length > 1) {
    throw new UsageError(`Unexpected argument: expected one file, got also ${JSON.stringify(positionals[1])}`);
  }
  const given = (names: readonly string[]): string | null => {
    const name = names.find((one) => one in values);
    return name === undefined ? null : `--${name}`;
  };
  const captureOnly = given(['flow', 'text']);
  const traceOnly = given(['direction', 'connection', 'kind', 'around', 'first-violation', 'sql']);
  if (captureOnly !== null && traceOnly !== null)
    throw new UsageError(`${captureOnly} is for captures, and ${traceOnly} for traces: give one of them`);
  const json = values.json ?? false;
  const limit = limitOption(values.limit);
  return {
    file,
    json,
    captureOnly,
    traceOnly,
    trace: traceView(values, limit),
    capture: {
      flow: values.flow === undefined ? null : integerOption('flow', values.flow, 1, MAX_FLOW_ID),
      limit: values.limit === undefined || values.limit === 'all' ? null : limit,
      text: values.text ?? false,
    },
  };
}

type TraceValues = Parameters<typeof eventFilter>[0] & {
  readonly around?: string | undefined;
  readonly 'first-violation'?: boolean | undefined;
  readonly limit?: string | undefined;
  readonly sql?: string | undefined;
  readonly json?: boolean | undefined;
};

function traceView(values: TraceValues, limit: number | null): InspectOptions['trace'] {
  const filter = eventFilter(values);
  const around = values.around === undefined ? null : integerOption('around', values.around, 0, 999_999_999_999_999);
  const firstViolation = values['first-violation'] ?? false;
  const json = values.json ?? false;
  if (around !== null && firstViolation) throw new UsageError('Give either --around or --first-violation, not both');
  if (values.sql !== undefined) {
    if (around !== null || firstViolation) {
      throw new UsageError('With --sql give --direction, --connection, --kind and --limit only');
    }
    checkStatement(values.sql);
    return { filter, view: { kind: 'sql', sql: values.sql, limit } };
  }
  if (limit === null && (around !== null || firstViolation)) throw unlimited();
  const isPlain = filter.passesAll && around === null && !firstViolation && values.limit === undefined;
  if (isPlain && !json) return { filter, view: { kind: 'screen' } };
  return { filter, view: { kind: 'events', limit, around, firstViolation } };
}

/** `--limit all` where the events are kept until the end. */
export function unlimited(): UsageError {
  return new UsageError('--limit all is for a plain list: give a number with --json, --around and --first-violation');
}

/** Null is no limit. */
function limitOption(text: string | undefined): number | null {
  if (text === 'all') return null;
  return text === undefined ? DEFAULT_LIMIT : integerOption('limit', text, 1, MAX_LIMIT);
}
