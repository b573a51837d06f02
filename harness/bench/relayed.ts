import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { startTap } from '../tap/start-tap.ts';
import { generateToken } from '../tunnel/token.ts';
import { startTunnelClient } from '../tunnel/tunnel-client.ts';
import { startTunnelServer } from '../tunnel/tunnel-server.ts';
import type { Recorder } from '../../src/trace/recorder.ts';

/** A way to a port on loopback through one of our relays. */
export interface Relayed {
  readonly name: 'tap' | 'tunnel';
  connect(): Promise<Socket>;
  close(): Promise<void>;
}

/** Through the tap. */
export async function throughTap(port: number, recorder: Recorder): Promise<Relayed> {
  const tap = await startTap({ port: 0, target: { host: '127.0.0.1', port }, recorder: () => recorder });
  return {
    name: 'tap',
    connect: () => connected(tap.port),
    close: () => tap.close(),
  };
}

/** Through SOCKS5, WebSocket and TCP; its copies record into the ambient recorder. */
export async function throughTunnel(port: number): Promise<Relayed> {
  const token = generateToken();
  const server = await startTunnelServer({ token, allow: [`127.0.0.1:${port}`], port: 0 });
  const client = await startTunnelClient({ server: `ws://127.0.0.1:${server.port}`, token, port: 0 });
  return {
    name: 'tunnel',
    connect: async () => {
      const socket = await connected(client.port);
      socket.write(Buffer.from([5, 1, 0]));
      await answer(socket, 2);
      const target = Buffer.from([5, 1, 0, 1, 127, 0, 0, 1, port >> 8, port & 0xff]);
      socket.write(target);
      await answer(socket, 10);
      return socket;
    },
    close: async () => {
      await client.close();
      await server.close();
    },
  };
}

async function connected(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.setNoDelay(true);
  await once(socket, 'connect');
  return socket;
}

/** So many bytes, and none beyond: nobody answers a SOCKS5 client unasked. */
async function answer(socket: Socket, bytes: number): Promise<void> {
  for (;;) {
    if (socket.read(bytes) !== null) return;
    if (socket.readableEnded) throw new Error('The proxy hung up');
    await once(socket, 'readable');
  }
}
