import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { fromTunnelSocket } from '../../harness/tunnel/from-tunnel-socket.ts';
import { waitForClose } from '../../harness/tunnel/linger.ts';
import { checkServerUrl, openTunnel } from '../../harness/tunnel/open-tunnel.ts';
import { systemClock } from '../../src/poll/clock.ts';
import { Driver } from './support/driver.ts';
import { closeLater, TOKEN } from './support/rig.ts';

/** A server that accepts the upgrade and sends its first messages in the very same segment. */
async function startHasty(): Promise<number> {
  const upgrader = new WebSocketServer({ noServer: true });
  const server = createServer();
  server.on('upgrade', (request, socket: Socket, head: Buffer) => {
    socket.cork();
    upgrader.handleUpgrade(request, socket, head, (ws) => {
      ws.send(Buffer.from('\0early'));
      ws.send(Buffer.of(1));
    });
    socket.uncork();
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => {
    server.once('listening', resolve);
  });
  closeLater(async () => {
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });
  // A TCP server that listens has one.
  return (server.address() as AddressInfo).port;
}

test('messages that come with the answer wait until somebody reads', async () => {
  const ws = await openTunnel(
    { host: 't.cn', port: 80 },
    {
      server: checkServerUrl(`ws://127.0.0.1:${await startHasty()}`),
      token: TOKEN,
      maxMessageBytes: 1024,
      clock: systemClock,
      timeoutMs: 5000,
      signal: new AbortController().signal,
    },
  );
  closeLater(() => waitForClose(ws, systemClock));
  // Long enough for a message to be lost.
  for (let turns = 0; turns < 10; turns += 1) await new Promise(setImmediate);
  const driver = new Driver(fromTunnelSocket(ws));
  expect((await driver.read(100)).toString()).toBe('early');
  expect((await driver.read(100)).length).toBe(0);
  await driver.shutdown();
});
