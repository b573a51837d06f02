import { isIP } from 'node:net';
import { TunnelError } from './tunnel-error.ts';

/** Where a tunnel leads: a name or an address, and a port. A name is resolved at the server, never before. */
export interface Target {
  readonly host: string;
  /** 1 to 65535. */
  readonly port: number;
}

/** Longer is no name in the DNS, and SOCKS cannot say more. */
const MAX_HOST_CHARS = 255;

/**
 * Checks a target that came from a peer. Names are printable ASCII (others come as punycode), so that they are safe in
 * a URL, a header and a log. Throws TUNNEL_TARGET_INVALID.
 */
export function checkTarget(host: string, port: number): Target {
  if (host === '' || host.length > MAX_HOST_CHARS || /[^\x21-\x7e]|[/\\?#@%[\]]/.test(host)) {
    throw invalid(`a name or an address of 1 to ${MAX_HOST_CHARS} printable ASCII characters`, host);
  }
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw invalid('a port from 1 to 65535', String(port));
  return { host, port };
}

/** `host:port`, with brackets around an IPv6 address. */
export function formatTarget({ host, port }: Target): string {
  return `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}

/** As the query of the upgrade request: readable in a capture, and easy to send with any WebSocket client. */
export function targetQuery({ host, port }: Target): string {
  return new URLSearchParams({ host, port: String(port) }).toString();
}

/** The target in the URL of an upgrade request. Throws TUNNEL_TARGET_INVALID. */
export function targetOfUrl(url: string): Target {
  const at = url.indexOf('?');
  const query = new URLSearchParams(at === -1 ? '' : url.slice(at + 1));
  const [host, port] = [query.getAll('host'), query.getAll('port')];
  // Twice the same name, and another reader of the request may take the other one.
  if (host.length !== 1 || port.length !== 1) throw invalid('a query with one host and one port', url);
  return checkTarget(host[0] ?? '', /^\d{1,5}$/.test(port[0] ?? '') ? Number(port[0]) : Number.NaN);
}

function invalid(expected: string, got: string): TunnelError {
  return new TunnelError('TUNNEL_TARGET_INVALID', `Wrong target: expected ${expected}, got "${got}"`);
}
