import { resolveDialect } from '../../src/copy/dialect.ts';
import { REPLAY_LEVELS } from '../replay/conversation.ts';
import { RELAY_KINDS } from '../replay/through/open-link.ts';
import type { RelayReplayOptions } from '../replay/through/replay-through-relay.ts';
import { LIVE_ADAPTERS, type LiveSetup } from '../scenario/live/live-setup.ts';
import { addressOption } from './address-option.ts';
import { integerOption } from './parse-options.ts';
import { UsageError } from './usage-error.ts';

/** What `replay` takes for a capture. */
export const CAPTURE_OPTIONS = {
  flow: { type: 'string' },
  level: { type: 'string' },
  rhythm: { type: 'boolean' },
  dialect: { type: 'string' },
  faults: { type: 'string' },
  tunnel: { type: 'boolean' },
  adapter: { type: 'string' },
  through: { type: 'string' },
  via: { type: 'string' },
  listen: { type: 'string' },
  'limit-ms': { type: 'string' },
  'as-scenario': { type: 'string' },
  redact: { type: 'boolean' },
  force: { type: 'boolean' },
} as const;

export type CaptureValues = {
  readonly [K in keyof typeof CAPTURE_OPTIONS]?:
    ((typeof CAPTURE_OPTIONS)[K]['type'] extends 'string' ? string : boolean) | undefined;
};

/** Through what a capture is replayed. */
export type ReplayCarrier =
  | { readonly kind: 'memory'; readonly dialect: string }
  | {
      readonly kind: 'tunnel';
      readonly dialect: string;
      readonly adapter: NonNullable<LiveSetup['adapter']>;
      readonly limitMs: number;
    }
  | ({ readonly kind: 'relay' } & Pick<RelayReplayOptions, 'via' | 'through' | 'listen' | 'limitMs'>);

const DEFAULT_LIMIT_MS = { tunnel: 15_000, relay: 5000 };
const MAX_LIMIT_MS = 3_600_000;

/** Throws a UsageError, DIALECT_UNKNOWN. */
export function carrierOf(values: CaptureValues): ReplayCarrier {
  const { dialect = 'checked', tunnel = false, adapter, through, via, listen, faults } = values;
  // For its complaint about what is none.
  resolveDialect(dialect);
  if (tunnel && through !== undefined) throw new UsageError('Give either --tunnel or --through, not both');
  if (adapter !== undefined && !tunnel) throw new UsageError('--adapter is of the tunnel: expected --tunnel with it');
  if (through === undefined && (via !== undefined || listen !== undefined))
    throw new UsageError('--via and --listen are of a relay: expected --through HOST:PORT with them');
  if (through !== undefined) {
    if (values.dialect !== undefined || faults !== undefined)
      throw new UsageError('--dialect and --faults are of our own copy: expected none of them with --through');
    return { kind: 'relay', ...relayOptions(through, via, listen), limitMs: limitOption(values, 'relay') };
  }
  if (!tunnel) {
    if (values['limit-ms'] !== undefined)
      throw new UsageError('--limit-ms is of real sockets: expected --tunnel or --through with it');
    return { kind: 'memory', dialect };
  }
  const chosen = oneOf('adapter', adapter ?? 'right', LIVE_ADAPTERS);
  return { kind: 'tunnel', dialect, adapter: chosen, limitMs: limitOption(values, 'tunnel') };
}

function relayOptions(
  through: string,
  viaText: string | undefined,
  listen: string | undefined,
): Pick<RelayReplayOptions, 'via' | 'through' | 'listen'> {
  const via = oneOf('via', viaText ?? 'plain', RELAY_KINDS);
  if (listen === undefined && via !== 'socks5')
    throw new UsageError(`No --listen: expected HOST:PORT, where the ${via} relay leads to`);
  return {
    via,
    through: addressOption('through', through, '127.0.0.1:1080'),
    listen: listen === undefined ? { host: '127.0.0.1', port: 0 } : addressOption('listen', listen, '127.0.0.1:9000'),
  };
}

function limitOption(values: CaptureValues, kind: 'tunnel' | 'relay'): number {
  const text = values['limit-ms'];
  return text === undefined ? DEFAULT_LIMIT_MS[kind] : integerOption('limit-ms', text, 1, MAX_LIMIT_MS);
}

/** Where the scenario goes; null: nowhere. Throws a UsageError. */
export function scenarioOption(values: CaptureValues, carrier: ReplayCarrier): string | null {
  const path = values['as-scenario'];
  if (path === undefined) {
    const lone = (['redact', 'force'] as const).find((name) => values[name] === true);
    if (lone !== undefined) throw new UsageError(`--${lone} is of a document: expected --as-scenario FILE.md with it`);
    return null;
  }
  if (carrier.kind !== 'memory')
    throw new UsageError('A scenario is run in memory: expected neither --tunnel nor --through with --as-scenario');
  if (path.endsWith('.md')) return path;
  throw new UsageError(
    `Not a document: expected a name that ends in .md after --as-scenario, got ${JSON.stringify(path)}`,
  );
}

/** The level that was asked for. */
export function levelOption(text: string | undefined): (typeof REPLAY_LEVELS)[number] | undefined {
  return text === undefined ? undefined : oneOf('level', text, REPLAY_LEVELS);
}

function oneOf<T extends string>(name: string, text: string, values: readonly T[]): T {
  const value = values.find((one) => one === text);
  if (value !== undefined) return value;
  throw new UsageError(`Wrong --${name}: expected one of ${values.join(', ')}, got ${JSON.stringify(text)}`);
}
