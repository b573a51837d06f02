import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { waitForClose } from '../../../harness/tunnel/linger.ts';
import { systemClock } from '../../../src/poll/clock.ts';
import { closeLater } from './rig.ts';

export interface WebSocketPair {
  /** The one under test: the server's side, paused as it is handed over. */
  readonly ours: WebSocket;
  /** The peer, which the test plays. */
  readonly peer: WebSocket;
}

/** Two ends of one WebSocket over loopback. */
export async function webSocketPair(options: { maxPayload?: number } = {}): Promise<WebSocketPair> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false, ...options });
  await once(server, 'listening');
  // A TCP server that listens has one.
  const { port } = server.address() as AddressInfo;
  const ours = new Promise<WebSocket>((resolve) => {
    server.once('connection', (ws) => {
      ws.pause();
      resolve(ws);
    });
  });
  const peer = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
  await once(peer, 'open');
  const pair = { ours: await ours, peer };
  for (const ws of [pair.ours, peer]) ws.on('error', () => undefined);
  closeLater(async () => {
    pair.ours.terminate();
    peer.terminate();
    await Promise.all([waitForClose(pair.ours, systemClock), waitForClose(peer, systemClock)]);
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });
  return pair;
}
