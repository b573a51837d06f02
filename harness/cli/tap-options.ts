import { resolveDialect, type DialectName } from '../../src/copy/dialect.ts';
import { parseByteSize } from '../../src/trace/byte-size.ts';
import { MIN_TRACE_BYTES } from '../../src/trace/file/trace-writer.ts';
import { DEFAULT_PAYLOAD_BYTES, type PayloadOptions } from '../../src/trace/payload-recorder.ts';
import { findFault } from '../faults/fault-registry.ts';
import { readFaultPlan } from '../faults/read-fault-plan.ts';
import type { TapOptions } from '../tap/start-tap.ts';
import type { Target } from '../tunnel/target.ts';
import { addressOption, isLoopback } from './address-option.ts';
import { integerOption, parseOptions } from './parse-options.ts';
import { UsageError } from './usage-error.ts';

const OPTIONS = {
  listen: { type: 'string' },
  to: { type: 'string' },
  trace: { type: 'string' },
  'max-trace': { type: 'string' },
  'max-connections': { type: 'string' },
  payload: { type: 'string' },
  redact: { type: 'boolean' },
  dialect: { type: 'string' },
  faults: { type: 'string' },
  quiet: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

const MAX_CONNECTIONS = 65_536;

export interface TapCommandOptions {
  readonly tap: Omit<TapOptions, 'recorder'>;
  readonly tracePath: string | null;
  readonly maxTraceBytes: number | null;
  readonly payload: PayloadOptions | null;
  readonly json: boolean;
  readonly quiet: boolean;
  /** What is allowed, and should be known. */
  readonly warnings: readonly string[];
}

/** Throws USAGE, DIALECT_UNKNOWN, FAULT_PLAN_MALFORMED, FAULT_PLAN_UNREADABLE. */
export async function tapOptions(args: readonly string[]): Promise<TapCommandOptions> {
  // parseArgs knows no option whose value may be left out: it is spelled with an empty one.
  const spelled = args.map((arg) => (arg === '--payload' ? '--payload=' : arg));
  const { values, positionals } = parseOptions(spelled, OPTIONS);
  if (positionals.length > 0)
    throw new UsageError(`Unexpected argument: expected options only, got ${JSON.stringify(positionals[0])}`);
  const listen = addressOption('listen', values.listen ?? '127.0.0.1:9000', '127.0.0.1:9000');
  if (values['max-trace'] !== undefined && values.trace === undefined)
    throw new UsageError('A bound without a trace: expected --trace too');
  if (values.trace === '') throw new UsageError('Wrong --trace: expected the path of a file, got ""');
  const { dialect } = values;
  const faults = values.faults === undefined ? null : await readFaultPlan(values.faults);
  const { fault: unheard } = faults?.faults.find(({ fault }) => findFault(fault)?.level === 'websocket') ?? {};
  if (unheard !== undefined)
    throw new UsageError(`Wrong --faults: expected faults of the levels poll and transport, got ${unheard}`);
  return {
    tap: {
      ...listen,
      target: targetOption(values.to),
      ...(values['max-connections'] === undefined
        ? {}
        : { maxConnections: integerOption('max-connections', values['max-connections'], 1, MAX_CONNECTIONS) }),
      ...(faults === null ? {} : { faults }),
      ...(dialect === undefined ? {} : { dialect: resolveDialect(dialect).name as DialectName }),
    },
    tracePath: values.trace ?? null,
    maxTraceBytes:
      values['max-trace'] === undefined ? null : sizeOption('max-trace', values['max-trace'], MIN_TRACE_BYTES),
    payload: payloadOption(values.payload, values.redact ?? false),
    json: values.json ?? false,
    quiet: values.quiet ?? false,
    warnings: isLoopback(listen.host) ? [] : [`Anyone who reaches ${listen.host} can use this relay`],
  };
}

function targetOption(text: string | undefined): Target {
  if (text === undefined) throw new UsageError('No target: expected --to HOST:PORT');
  const target = addressOption('to', text, 'example.com:80');
  if (target.port === 0)
    throw new UsageError(`Wrong --to: expected a port from 1 to 65535, got ${JSON.stringify(text)}`);
  return target;
}

function payloadOption(text: string | undefined, redact: boolean): PayloadOptions | null {
  if (text === undefined && redact) throw new UsageError('Nothing to redact: expected --payload too');
  if (text === undefined) return null;
  const bytesPerDirection = text === '' ? DEFAULT_PAYLOAD_BYTES : sizeOption('payload', text, 1);
  return { level: redact ? 'redacted' : 'full', bytesPerDirection };
}

function sizeOption(name: string, text: string, least: number): number {
  const bytes = parseByteSize(text);
  if (bytes !== null && bytes >= least) return bytes;
  throw new UsageError(
    `Wrong value of --${name}: expected a size of ${least} bytes or more, such as 64M, got ${JSON.stringify(text)}`,
  );
}
