import { createServer } from 'node:net';
import { systemClock, type Clock } from '../../src/poll/clock.ts';
import { serveSocks, type ClientSettings } from './client-connection.ts';
import { Connections } from './connections.ts';
import { closed, handleOf, listen, type ListenOptions, type TunnelHandle } from './listen.ts';
import { checkServerUrl } from './open-tunnel.ts';
import { relayOf, type Relay, type RelayOptions } from './relay.ts';
import type { SocksCredentials } from './socks5-parser.ts';
import { checkToken } from './token.ts';
import type { OnTunnelEvent } from './tunnel-event.ts';
import {
  DEFAULT_HANDSHAKE_TIMEOUT_MS,
  DEFAULT_MAX_CONNECTIONS,
  DEFAULT_MAX_MESSAGE_BYTES,
  DEFAULT_OPEN_TIMEOUT_MS,
  KEEP_ALIVE_MS,
} from './tunnel-limits.ts';

export interface TunnelClientOptions extends ListenOptions, RelayOptions {
  /** The server, `ws://host:port` or `wss://…`. */
  readonly server: string;
  readonly token: string;
  /** RFC 1929. Default: null, whoever can connect may use the proxy. */
  readonly credentials?: SocksCredentials | null;
  /** More than these are hung up on. Default: 1024. */
  readonly maxConnections?: number;
  /** From the connection to its CONNECT. Default: 10,000. */
  readonly handshakeTimeoutMs?: number;
  /** From the CONNECT to the server's answer. Default: 15,000. */
  readonly openTimeoutMs?: number;
  /** The longest WebSocket message to send and to take, the same as the server's. Default: 262,144. */
  readonly maxMessageBytes?: number;
  /**
   * Says success before it is known, and opens the tunnel when the first bytes have come, or after `handshakeTimeoutMs`
   * for those who wait until the far end has spoken. So the request is certainly there when the copy begins, and the
   * first poll of the first direction finds it: the story then comes out the same every time. The price: a refusal can
   * only be told by a reset. Default: false.
   */
  readonly dialOnFirstByte?: boolean;
  /** In place of adapter and copy together: two-pumps.ts is one. */
  readonly relay?: Relay;
  readonly onEvent?: OnTunnelEvent;
  readonly clock?: Clock;
}

/**
 * Listens for SOCKS5 and carries each CONNECT through a WebSocket to a tunnel server, which need not be there yet.
 *
 * Throws TUNNEL_LISTEN_FAILED, TUNNEL_OPTION_INVALID, DIALECT_UNKNOWN.
 *
 * @example
 * const client = await startTunnelClient({ server: 'ws://127.0.0.1:8080', token, port: 1080 });
 * // curl --socks5-hostname 127.0.0.1:1080 http://localhost:8000/
 * await client.close();
 */
export async function startTunnelClient(options: TunnelClientOptions): Promise<TunnelHandle> {
  const { clock = systemClock, maxMessageBytes = DEFAULT_MAX_MESSAGE_BYTES } = options;
  const settings: ClientSettings = {
    server: checkServerUrl(options.server),
    token: checkToken(options.token),
    credentials: options.credentials ?? null,
    handshakeTimeoutMs: options.handshakeTimeoutMs ?? DEFAULT_HANDSHAKE_TIMEOUT_MS,
    openTimeoutMs: options.openTimeoutMs ?? DEFAULT_OPEN_TIMEOUT_MS,
    maxMessageBytes,
    dialOnFirstByte: options.dialOnFirstByte ?? false,
    relay: options.relay ?? relayOf('tcp-first', { ...options, maxMessageBytes, clock }),
    onEvent: options.onEvent ?? (() => undefined),
    clock,
  };
  const connections = new Connections();
  const listener = createServer({
    allowHalfOpen: true,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_MS,
  });
  listener.maxConnections = options.maxConnections ?? DEFAULT_MAX_CONNECTIONS;
  listener.on('connection', (inbound) => {
    connections.start((connection, stop) => serveSocks(settings, inbound, connection, stop));
  });
  return handleOf(await listen(listener, options), connections, () =>
    Promise.all([closed(listener), connections.close()]),
  );
}
