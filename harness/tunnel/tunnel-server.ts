import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { systemClock, type Clock } from '../../src/poll/clock.ts';
import { AllowList } from './allow-list.ts';
import { Connections } from './connections.ts';
import { systemResolve, type ResolveName } from './dial.ts';
import { closed, handleOf, listen, type ListenOptions, type TunnelHandle } from './listen.ts';
import { CODE_HEADER, READY } from './refusal.ts';
import { relayOf, type Relay, type RelayOptions } from './relay.ts';
import { serveUpgrade, type ServerSettings } from './server-connection.ts';
import { bearsToken, checkToken } from './token.ts';
import type { OnTunnelEvent } from './tunnel-event.ts';
import {
  DEFAULT_DIAL_TIMEOUT_MS,
  DEFAULT_HANDSHAKE_TIMEOUT_MS,
  DEFAULT_MAX_CONNECTIONS,
  DEFAULT_MAX_MESSAGE_BYTES,
  KEEP_ALIVE_MS,
  MAX_BUFFERED_CHUNKS,
  MAX_FRAGMENTS,
  MAX_HANDSHAKES,
  MAX_HEADER_BYTES,
} from './tunnel-limits.ts';

export interface TunnelServerOptions extends ListenOptions, RelayOptions {
  /** What a client has to show, 16 to 512 printable characters: token.ts. */
  readonly token: string;
  /** Destinations that may be dialled: allow-list.ts. Default: `localhost`. */
  readonly allow?: readonly string[];
  /** Connections at once; more are refused. Default: 1024. */
  readonly maxConnections?: number;
  /** From the connection to the end of its request. Default: 10,000. */
  readonly handshakeTimeoutMs?: number;
  /** For resolving and connecting together. Default: 10,000. */
  readonly dialTimeoutMs?: number;
  /** The longest WebSocket message to send and to take, the same as the client's. Default: 262,144. */
  readonly maxMessageBytes?: number;
  /** Default: as the system resolves names. */
  readonly resolve?: ResolveName;
  /** In place of adapter and copy together. */
  readonly relay?: Relay;
  readonly onEvent?: OnTunnelEvent;
  readonly clock?: Clock;
}

/**
 * Listens for WebSockets of tunnel clients and connects each to the target that its request names, dialled before the
 * upgrade is accepted: so a refusal is an HTTP response, and an open WebSocket has a target behind it.
 *
 * Throws TUNNEL_LISTEN_FAILED, TUNNEL_OPTION_INVALID, DIALECT_UNKNOWN.
 *
 * @example
 * const server = await startTunnelServer({ token: generateToken(), allow: ['example.com:443'] });
 * console.log(`ws://${server.address}:${server.port}`);
 * await server.close();
 */
export async function startTunnelServer(options: TunnelServerOptions): Promise<TunnelHandle> {
  const { clock = systemClock, maxMessageBytes = DEFAULT_MAX_MESSAGE_BYTES } = options;
  const maxConnections = options.maxConnections ?? DEFAULT_MAX_CONNECTIONS;
  const settings: ServerSettings = {
    token: checkToken(options.token),
    maxConnections,
    dial: {
      allow: new AllowList(options.allow),
      resolve: options.resolve ?? systemResolve,
      timeoutMs: options.dialTimeoutMs ?? DEFAULT_DIAL_TIMEOUT_MS,
      clock,
    },
    upgrader: new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: maxMessageBytes,
      maxFragments: MAX_FRAGMENTS,
      maxBufferedChunks: MAX_BUFFERED_CHUNKS,
    }),
    relay: options.relay ?? relayOf('ws-first', { ...options, maxMessageBytes, clock }),
    onEvent: options.onEvent ?? (() => undefined),
    clock,
    admitted: new Set(),
  };
  const connections = new Connections();
  const handshakeTimeoutMs = options.handshakeTimeoutMs ?? DEFAULT_HANDSHAKE_TIMEOUT_MS;
  const http = createHttpServer(settings.token, clock, handshakeTimeoutMs);
  // Those that make room are gone a turn later.
  http.maxConnections = maxConnections + 2 * MAX_HANDSHAKES;
  http.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const upgrade = { request, socket, head };
    connections.start((connection, stop) => serveUpgrade(settings, upgrade, connection, stop));
  });
  return handleOf(await listen(http, options), connections, () => {
    const gone = Promise.all([closed(http), connections.close()]);
    http.closeAllConnections();
    return gone;
  });
}

/** An HTTP server that hangs up on whoever has not sent a whole request in time, and answers plain requests. */
function createHttpServer(token: string, clock: Clock, handshakeTimeoutMs: number): Server {
  const limits = { maxHeaderSize: MAX_HEADER_BYTES, headersTimeout: 0, requestTimeout: 0 };
  const http = createServer({ ...limits, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS });
  const deadlines = new WeakMap<Socket, () => void>();
  const arriving = new Set<Socket>();
  http.on('connection', (socket: Socket) => {
    const cancel = clock.after(handshakeTimeoutMs, () => {
      socket.destroy();
    });
    deadlines.set(socket, cancel);
    socket.once('close', cancel);
    arriving.add(socket);
    socket.once('close', () => arriving.delete(socket));
    // Whoever has come first and said nothing yet makes room: else silent peers without a token would lock out the rest.
    const [oldest] = arriving;
    if (arriving.size > MAX_HANDSHAKES) oldest?.destroy();
  });
  // From here on the time that it takes is bounded by what is done with it.
  http.on('upgrade', (_request: IncomingMessage, socket: Socket) => {
    deadlines.get(socket)?.();
    arriving.delete(socket);
  });
  http.on('request', (request: IncomingMessage, response: ServerResponse) => {
    // Somebody tries the address, or a client asks whether its token is right.
    const known = bearsToken(request.headers.authorization, token);
    response.writeHead(known ? 426 : 401, {
      connection: 'close',
      [CODE_HEADER]: known ? READY : 'TUNNEL_TOKEN_WRONG',
      ...(known ? { upgrade: 'websocket' } : { 'www-authenticate': 'Bearer' }),
    });
    response.end();
  });
  return http;
}
