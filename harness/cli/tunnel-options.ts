import { resolveDialect, type DialectName } from '../../src/copy/dialect.ts';
import { generateToken } from '../tunnel/token.ts';
import type { TunnelClientOptions } from '../tunnel/tunnel-client.ts';
import { MESSAGE_BYTES_RANGE } from '../tunnel/tunnel-limits.ts';
import type { TunnelServerOptions } from '../tunnel/tunnel-server.ts';
import { addressOption, isLoopback } from './address-option.ts';
import { integerOption } from './parse-options.ts';
import { UsageError } from './usage-error.ts';

const COMMON_OPTIONS = {
  listen: { type: 'string' },
  token: { type: 'string' },
  'max-connections': { type: 'string' },
  'handshake-timeout-ms': { type: 'string' },
  'half-close-timeout-ms': { type: 'string' },
  'max-message-bytes': { type: 'string' },
  dialect: { type: 'string' },
  quiet: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

export const SERVER_OPTIONS = {
  ...COMMON_OPTIONS,
  allow: { type: 'string', multiple: true },
  'dial-timeout-ms': { type: 'string' },
} as const;

export const CLIENT_OPTIONS = {
  ...COMMON_OPTIONS,
  server: { type: 'string' },
  user: { type: 'string' },
  password: { type: 'string' },
} as const;

type Values<T> = {
  readonly [name in keyof T]?: T[name] extends { multiple: true }
    ? string[]
    : T[name] extends { type: 'boolean' }
      ? boolean
      : string;
};

/** A day: whoever wants longer wants no limit. */
const MAX_TIMEOUT_MS = 24 * 60 * 60 * 1000;
const MAX_CONNECTIONS = 100_000;

export function serverOptions(
  values: Values<typeof SERVER_OPTIONS>,
  env: NodeJS.ProcessEnv,
): { readonly options: TunnelServerOptions; readonly tokenIsNew: boolean } {
  const given = values.token ?? env['RELAYSCOPE_TOKEN'];
  const options: TunnelServerOptions = {
    ...commonOptions(values, 8080),
    token: given ?? generateToken(),
    ...(values.allow === undefined ? {} : { allow: values.allow }),
    ...integer('dialTimeoutMs', 'dial-timeout-ms', values['dial-timeout-ms'], 1, MAX_TIMEOUT_MS),
  };
  return { options, tokenIsNew: given === undefined };
}

export function clientOptions(values: Values<typeof CLIENT_OPTIONS>, env: NodeJS.ProcessEnv): TunnelClientOptions {
  const token = values.token ?? env['RELAYSCOPE_TOKEN'];
  if (values.server === undefined) throw new UsageError('No server: expected --server ws://HOST:PORT');
  if (token === undefined)
    throw new UsageError('No token: expected RELAYSCOPE_TOKEN or --token, as the server printed it');
  const password = values.password ?? env['RELAYSCOPE_PASSWORD'];
  if (values.user === undefined && values.password !== undefined)
    throw new UsageError('A password alone: expected --user too');
  if (values.user === undefined) return { ...commonOptions(values, 1080), server: values.server, token };
  if (password === undefined) throw new UsageError('A user alone: expected RELAYSCOPE_PASSWORD or --password too');
  for (const [name, text] of Object.entries({ user: values.user, password })) {
    const bytes = Buffer.byteLength(text);
    if (bytes < 1 || bytes > 255) throw new UsageError(`Wrong --${name}: expected 1 to 255 bytes, got ${bytes}`);
  }
  const credentials = { user: values.user, password };
  return { ...commonOptions(values, 1080), server: values.server, token, credentials };
}

function commonOptions(values: Values<typeof COMMON_OPTIONS>, defaultPort: number) {
  const { least, most } = MESSAGE_BYTES_RANGE;
  const { listen, dialect } = values;
  return {
    ...(listen === undefined
      ? { host: '127.0.0.1', port: defaultPort }
      : addressOption('listen', listen, '127.0.0.1:1080')),
    ...integer('maxConnections', 'max-connections', values['max-connections'], 1, MAX_CONNECTIONS),
    ...integer('handshakeTimeoutMs', 'handshake-timeout-ms', values['handshake-timeout-ms'], 1, MAX_TIMEOUT_MS),
    ...integer('halfCloseTimeoutMs', 'half-close-timeout-ms', values['half-close-timeout-ms'], 1, MAX_TIMEOUT_MS),
    ...integer('maxMessageBytes', 'max-message-bytes', values['max-message-bytes'], least, most),
    // Throws for what is none.
    ...(dialect === undefined ? {} : { dialect: resolveDialect(dialect).name as DialectName }),
  };
}

function integer<const K extends string>(
  key: K,
  option: string,
  text: string | undefined,
  least: number,
  most: number,
): { readonly [key in K]?: number } {
  // The key is the one that was asked for.
  return (text === undefined ? {} : { [key]: integerOption(option, text, least, most) }) as { [key in K]?: number };
}

/** What is allowed, and should be known. */
export function warnings(options: TunnelServerOptions | TunnelClientOptions): readonly string[] {
  const { host = '' } = options;
  const found: string[] = [];
  const isOpen = !isLoopback(host);
  if ('server' in options) {
    if (isOpen && (options.credentials ?? null) === null) {
      found.push(`Anyone who reaches ${host} can use this proxy: think of --user and --password`);
    }
    const url = URL.canParse(options.server) ? new URL(options.server) : null;
    if (url?.protocol === 'ws:' && !isLoopback(url.hostname)) {
      found.push(`Token and bytes go to ${url.host} unencrypted: think of wss:// and a TLS proxy before the server`);
    }
  } else {
    if (isOpen) found.push(`Token and bytes come to ${host} unencrypted: think of a TLS proxy before this server`);
    if (options.allow?.some((rule) => /^\*(?::|$)/.test(rule)) === true) {
      found.push('--allow * lets clients reach this machine and its network too');
    }
  }
  return found;
}
