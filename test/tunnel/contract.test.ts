import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { fromTunnelSocket } from '../../harness/tunnel/from-tunnel-socket.ts';
import { describeContract } from '../streams/contract.ts';
import type { StreamPair } from '../streams/support/stream-pair.ts';

/** Our own marks on both sides, and what a kernel keeps for a connection on loopback. */
const NETWORK_BYTES = 64 * 1024 * 1024;

async function tunnel(): Promise<StreamPair> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  await once(server, 'listening');
  // A TCP server that listens has one.
  const { port } = server.address() as AddressInfo;
  const accepting = once(server, 'connection') as Promise<[WebSocket]>;
  const client = new WebSocket(`ws://127.0.0.1:${port}/`, { perMessageDeflate: false });
  const [accepted] = await accepting;
  await once(client, 'open');
  const closed = Promise.all([client, accepted, server].map(closedOf));
  server.close();
  return { a: fromTunnelSocket(client), b: fromTunnelSocket(accepted), closed };
}

function closedOf(thing: { once(event: 'close', listener: () => void): unknown }): Promise<string> {
  return new Promise((resolve) => {
    thing.once('close', () => {
      resolve('closed');
    });
  });
}

describeContract('fromTunnelSocket: ws to ws', tunnel, {
  halfClose: true,
  abort: { a: true, b: true },
  bytesUnread: { aToB: NETWORK_BYTES, bToA: NETWORK_BYTES },
});
