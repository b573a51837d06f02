import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { TunnelHandle } from '../../../harness/tunnel/listen.ts';
import { startTunnelClient, type TunnelClientOptions } from '../../../harness/tunnel/tunnel-client.ts';
import { startTunnelServer, type TunnelServerOptions } from '../../../harness/tunnel/tunnel-server.ts';
import { EventLog } from './event-log.ts';
import { readBytes } from './read.ts';

export const TOKEN = 'a token for tests'.replaceAll(' ', '-');

/** Closes what a test opened, whatever becomes of the test. */
export function closeLater(close: () => Promise<unknown> | void): void {
  onTestFinished(async () => {
    await close();
  });
}

/** A TCP server on 127.0.0.1 (or `host`) that hands over each connection, half-open; both ends are closed afterwards. */
export async function startOrigin(onConnection: (socket: Socket) => void, host = '127.0.0.1'): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  server.listen(0, host);
  await once(server, 'listening');
  closeLater(async () => {
    server.close();
    for (const socket of sockets) socket.destroy();
    if (server.listening || sockets.size > 0) await once(server, 'close');
  });
  // A TCP server that listens has one.
  return (server.address() as AddressInfo).port;
}

/** An origin whose one connection the test itself plays. */
export async function startPlayedOrigin(): Promise<{ port: number; accepted: Promise<Socket> }> {
  let accept: (socket: Socket) => void = () => undefined;
  const accepted = new Promise<Socket>((resolve) => {
    accept = resolve;
  });
  const port = await startOrigin((socket) => {
    accept(socket);
  });
  return { port, accepted };
}

export interface Rig {
  readonly server: TunnelHandle;
  readonly client: TunnelHandle;
  readonly serverLog: EventLog;
  readonly clientLog: EventLog;
}

/** A tunnel, both ends in this process. */
export async function startRig(
  options: { server?: Partial<TunnelServerOptions>; client?: Partial<TunnelClientOptions> } = {},
): Promise<Rig> {
  const [serverLog, clientLog] = [new EventLog(), new EventLog()];
  const server = await startTunnelServer({ token: TOKEN, onEvent: serverLog.onEvent, ...options.server });
  const client = await startTunnelClient({
    token: TOKEN,
    server: `ws://127.0.0.1:${server.port}`,
    onEvent: clientLog.onEvent,
    ...options.client,
  });
  closeLater(async () => {
    await client.close();
    await server.close();
  });
  return { server, client, serverLog, clientLog };
}

/** A TCP connection of the test's own, half-open. */
export async function open(port: number, host = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host, allowHalfOpen: true, noDelay: true });
  socket.on('error', () => undefined);
  closeLater(() => {
    socket.destroy();
  });
  await once(socket, 'connect');
  return socket;
}

/** The bytes of a SOCKS5 request without authentication: greeting, then command for an IPv4 address or a name. */
export function socksRequest(host: string, port: number, command = 1): { greeting: Buffer; request: Buffer } {
  const address = /^[\d.]+$/.test(host)
    ? Buffer.from([1, ...host.split('.').map(Number)])
    : Buffer.concat([Buffer.of(3, host.length), Buffer.from(host, 'latin1')]);
  const tail = Buffer.alloc(2);
  tail.writeUInt16BE(port);
  return { greeting: Buffer.of(5, 1, 0), request: Buffer.concat([Buffer.of(5, command, 0), address, tail]) };
}

/** A connection through the proxy at `proxyPort`; throws with the reply code if it is refused. */
export async function connectThrough(proxyPort: number, port: number, host = '127.0.0.1'): Promise<Socket> {
  const socket = await open(proxyPort);
  const { greeting, request } = socksRequest(host, port);
  socket.write(Buffer.concat([greeting, request]));
  const reply = await readBytes(socket, 12);
  if (reply[3] !== 0) throw new Error(`SOCKS reply ${reply[3]}`);
  return socket;
}
