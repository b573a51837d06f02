import { once } from 'node:events';
import { connect, Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { SocketNote } from '../../src/trace/trace-note.ts';
import { readSockets } from '../../src/watch/read-sockets.ts';
import { listSockets, SocketList } from '../../src/watch/socket-list.ts';
import { startOrigin } from '../tunnel/support/rig.ts';

/** What the program tells of its sockets now, as whoever looks into it asks. */
function told(): readonly SocketNote[] {
  const place = globalThis as unknown as Record<symbol, (() => string) | undefined>;
  return readSockets(place[Symbol.for('relayscope.sockets')]?.()).sockets;
}

/** Both ends of a connection, and how to find the note of each. */
async function listed() {
  onTestFinished(listSockets());
  let accept: (socket: Socket) => void = () => undefined;
  const accepted = new Promise<Socket>((resolve) => {
    accept = resolve;
  });
  const port = await startOrigin((socket) => {
    accept(socket);
  });
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  onTestFinished(() => void client.destroy());
  const before = told();
  await once(client, 'connect');
  const server = await accepted;
  const noteOf = (socket: Socket): SocketNote | undefined =>
    told().find(({ local }) => local === `127.0.0.1:${socket.localPort}`);
  return { client, server, before, noteOf };
}

test('a socket is told of from the moment it is made to its end', async () => {
  const { client, server, before, noteOf } = await listed();
  expect(before.map(({ state }) => state)).toEqual(['connecting']);
  server.on('data', () => undefined);
  client.write('five!');
  await once(server, 'data');
  expect(noteOf(client)).toEqual({
    local: `127.0.0.1:${client.localPort}`,
    remote: `127.0.0.1:${client.remotePort}`,
    bytesRead: 0,
    bytesWritten: 5,
    readable: 0,
    writable: 0,
    state: 'nobody reads it',
  });
  expect(noteOf(server)).toMatchObject({ bytesRead: 5, bytesWritten: 0, state: 'waits for its peer to send' });
  server.end();
  client.resume();
  await once(client, 'end');
  await expect.poll(() => noteOf(server)?.state).toBe('waits for its peer to send, we have ended');
  expect(noteOf(client)?.state).toBe('its peer has ended');
  client.destroy();
  server.destroy();
  expect(told()).toEqual([]);
});

test('who waits for a slow reader says so, and who is paused too', async () => {
  const { client, server, noteOf } = await listed();
  server.pause();
  server.on('data', () => undefined);
  while (client.write(Buffer.alloc(1024 * 1024)));
  await expect.poll(() => noteOf(server)?.state).toBe('paused');
  expect(noteOf(client)?.state).toBe('nobody reads it, waits for its peer to read');
  expect(noteOf(client)?.writable).toBeGreaterThan(0);
});

test('closed sockets do not pile up, and open ones are not forgotten', () => {
  const list = new SocketList();
  const open = new Socket();
  list.add(open);
  for (let i = 0; i < 1000; i += 1) {
    const socket = new Socket();
    list.add(socket);
    socket.destroy();
  }
  expect(list.length).toBeLessThanOrEqual(64);
  expect(list.notes().length).toBe(1);
  open.destroy();
});

test('after its end nothing is told any more', () => {
  listSockets()();
  expect(told()).toEqual([]);
});
