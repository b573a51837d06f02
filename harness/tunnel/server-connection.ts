import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../../src/poll/clock.ts';
import { describeFailure } from './describe-failure.ts';
import { dial, type DialOptions } from './dial.ts';
import { destroyed, sayGoodbye } from './linger.ts';
import { CODE_HEADER, refusalOf, REPLY_HEADER } from './refusal.ts';
import { relayConnection } from './relay-connection.ts';
import type { Relay } from './relay.ts';
import { formatTarget, targetOfUrl, type Target } from './target.ts';
import { bearsToken } from './token.ts';
import { TunnelError } from './tunnel-error.ts';
import type { OnTunnelEvent } from './tunnel-event.ts';

/** What all connections of one server have in common. */
export interface ServerSettings {
  readonly token: string;
  readonly maxConnections: number;
  /** All of it but the signal, which each connection has for itself. */
  readonly dial: Omit<DialOptions, 'signal'>;
  readonly upgrader: WebSocketServer;
  readonly relay: Relay;
  readonly onEvent: OnTunnelEvent;
  readonly clock: Clock;
  /** Connections that showed the token and are not over. */
  readonly admitted: Set<number>;
}

export interface UpgradeRequest {
  readonly request: IncomingMessage;
  readonly socket: Socket;
  /** What came after the request. */
  readonly head: Buffer;
}

/** One upgrade request, from reading it to freeing everything. Does not reject. */
export async function serveUpgrade(
  settings: ServerSettings,
  upgrade: UpgradeRequest,
  connection: number,
  stop: AbortController,
): Promise<void> {
  const { admitted, clock, onEvent, relay } = settings;
  const { request, socket } = upgrade;
  const peer = formatTarget({ host: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 });
  // Until the relay takes over, whoever gives up first tells the other.
  const gone = (): void => {
    stop.abort();
  };
  const drop = (): void => {
    socket.destroy();
  };
  socket.on('error', () => undefined);
  socket.once('close', gone);
  stop.signal.addEventListener('abort', drop);
  if (stop.signal.aborted) drop();

  let target: Target | null = null;
  try {
    admit(settings, request);
    admitted.add(connection);
    target = targetOfUrl(request.url ?? '');
    const tcp = await dialWatching(socket, target, { ...settings.dial, signal: stop.signal }, stop);
    const ws = await accept(settings.upgrader, upgrade, tcp);
    socket.off('close', gone);
    stop.signal.removeEventListener('abort', drop);
    const { signal } = stop;
    await relayConnection({ tcp, ws, relay, signal, clock, onEvent, connection, peer, target: formatTarget(target) });
  } catch (error) {
    const to = target === null ? null : formatTarget(target);
    onEvent({ kind: 'refused', connection, peer, target: to, failure: describeFailure(error) });
    await sayGoodbye(socket, refusalResponse(error), clock);
  } finally {
    admitted.delete(connection);
  }
}

function admit({ token, admitted, maxConnections }: ServerSettings, { headers }: IncomingMessage): void {
  if (!bearsToken(headers.authorization, token)) {
    throw new TunnelError(
      'TUNNEL_TOKEN_WRONG',
      'Wrong token: expected "Authorization: Bearer" and the token, got another',
    );
  }
  if (admitted.size >= maxConnections) {
    throw new TunnelError('TUNNEL_FULL', `Too many connections: expected at most ${maxConnections}`);
  }
}

/** Dials, and gives up if the client hangs up meanwhile; what it sends stays where it is. */
async function dialWatching(
  socket: Socket,
  target: Target,
  options: DialOptions,
  stop: AbortController,
): Promise<Socket> {
  // Readable without a byte: that is the end.
  const onReadable = (): void => {
    if (socket.readableLength === 0) stop.abort();
  };
  socket.on('readable', onReadable);
  try {
    return await dial(target, options);
  } finally {
    socket.off('readable', onReadable);
    // Node notices only in the next tick that nobody listens any more, and then resumes what was paused in this one.
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

/** Accepts the upgrade, once the target is there. The WebSocket is handed over paused: see open-tunnel.ts. */
function accept(upgrader: WebSocketServer, { request, socket, head }: UpgradeRequest, tcp: Socket): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    // A request that is no WebSocket's is answered by `upgrader` and hung up on; then nothing calls back.
    const onClose = (): void => {
      const error = new TunnelError('TUNNEL_CANCELLED', 'Client hung up, or asked for no WebSocket');
      destroyed(tcp).then(() => {
        reject(error);
      }, reject);
    };
    socket.once('close', onClose);
    upgrader.handleUpgrade(request, socket, head, (ws) => {
      socket.off('close', onClose);
      ws.pause();
      resolve(ws);
    });
    if (socket.closed) onClose();
  });
}

/** The HTTP response that says no, and in its headers what the far client is to be told. */
export function refusalResponse(error: unknown): string {
  const { status, reply } = refusalOf(error);
  const { code } = describeFailure(error);
  const body = `${code}\n`;
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: text/plain',
    `Content-Length: ${body.length}`,
    `${CODE_HEADER}: ${code}`,
    `${REPLY_HEADER}: ${reply}`,
    ...(status === 401 ? ['WWW-Authenticate: Bearer'] : []),
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}
