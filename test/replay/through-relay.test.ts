import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { replay } from '../../harness/cli/replay.ts';
import { copyBidirectional } from '../../src/copy/copy-bidirectional.ts';
import { fromSocket } from '../../src/streams/from-socket.ts';
import { fromWebSocket } from '../../src/streams/from-web-socket.ts';
import { capturedIo } from '../cli/captured-io.ts';
import { freePort } from './support/foreign-relay.ts';

const STORY = 'fixtures/captures/story/right-adapter.pcap';
const WS = 'fixtures/captures/ws-ipv6.pcap';

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** A relay of a test: what it does with each connection of a client. */
async function relay(serve: (client: Socket) => void): Promise<string> {
  const server: Server = createServer({ allowHalfOpen: true }, (client) => {
    client.on('error', () => undefined);
    open.push(() => client.destroy());
    serve(client);
  });
  server.listen(0, '127.0.0.1');
  open.push(() => server.close());
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function far(port: number): Socket {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => undefined);
  open.push(() => socket.destroy());
  return socket;
}

async function told(...args: string[]): Promise<[exit: number, told: unknown]> {
  const { io, out } = capturedIo();
  const exit = await replay.run([...args, '--json'], io);
  return [exit, JSON.parse(out())];
}

test('through a WebSocket that leads to TCP a conversation arrives, and its end as a Close', async () => {
  const port = await freePort();
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  open.push(() => server.close());
  server.on('connection', (ws) => {
    copyBidirectional(fromWebSocket(ws, { acceptText: true }), fromSocket(far(port)), { recorder: null }).catch(
      () => undefined,
    );
  });
  await once(server, 'listening');
  const through = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const capture of [STORY, WS]) {
    const relayed = ['--through', through, '--via', 'websocket', '--listen', `127.0.0.1:${port}`];
    const [exit, object] = await told(capture, ...relayed);
    expect(object).toMatchObject({ verdict: 'same', outcome: 'completed' });
    expect(exit).toBe(0);
  }
});

test('a relay that keeps what it gets is parked, in the direction that waits first', async () => {
  const port = await freePort();
  const through = await relay(() => far(port));
  const listen = ['--listen', `127.0.0.1:${port}`, '--limit-ms', '200'];
  const [exit, object] = await told(STORY, '--through', through, ...listen);
  expect(exit).toBe(3);
  expect(object).toMatchObject({
    verdict: 'stuck',
    outcome: 'parked',
    direction: 'a -> b',
    waits: ['a waits for 110 more bytes of b', 'b waits for 68 more bytes of a'],
  });
});

test('a relay that hangs up without a connection to the far end has failed', async () => {
  const port = await freePort();
  const through = await relay((client) => client.end());
  const [exit, object] = await told(STORY, '--through', through, '--listen', `127.0.0.1:${port}`);
  expect(exit).toBe(1);
  expect(object).toMatchObject({ verdict: 'differs', outcome: 'failed', code: 'REPLAY_NOT_CONNECTED' });
});

test('a relay that says everything twice is told by the first place where it shows', async () => {
  const port = await freePort();
  const through = await relay((client) => {
    const socket = far(port);
    client.on('data', (bytes) => {
      socket.write(bytes);
    });
    client.on('end', () => socket.end());
    socket.on('data', (bytes) => {
      client.write(bytes);
      client.write(bytes);
    });
    socket.on('end', () => client.end());
  });
  const [exit, object] = await told(STORY, '--through', through, '--listen', `127.0.0.1:${port}`);
  expect(exit).toBe(1);
  expect(object).toMatchObject({
    verdict: 'differs',
    outcome: 'completed',
    aToB: { parts: null },
    bToA: { arrived: 220, parts: { kind: 'duplicate', offset: 110, length: 110 } },
  });
});

test('a relay that gives without end is cut off', async () => {
  const port = await freePort();
  const through = await relay((client) => {
    far(port);
    const flood = Buffer.alloc(64 * 1024);
    const more = (): void => {
      while (!client.destroyed && client.write(flood));
    };
    client.on('drain', more);
    more();
  });
  const listen = ['--listen', `127.0.0.1:${port}`, '--limit-ms', '200'];
  const [exit, object] = await told(STORY, '--through', through, ...listen);
  expect(exit).toBe(1);
  expect(object).toMatchObject({ verdict: 'differs', outcome: 'failed', code: 'REPLAY_TOO_MUCH' });
});

test('what is no SOCKS5 proxy is refused, and what never answers is not waited for', async () => {
  const http = await relay((client) => client.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await expect(told(STORY, '--through', http, '--via', 'socks5')).rejects.toThrow(
    'The relay refused: expected a SOCKS5 proxy, got an answer of version 72',
  );
  const silent = await relay(() => undefined);
  const args = ['--through', silent, '--via', 'socks5', '--limit-ms', '100'];
  await expect(told(STORY, ...args)).rejects.toMatchObject({ code: 'REPLAY_REFUSED' });
  const nobody = `127.0.0.1:${await freePort()}`;
  await expect(told(STORY, '--through', nobody, '--via', 'socks5')).rejects.toThrow(
    `Cannot reach the relay: expected one at ${nobody}, got connect ECONNREFUSED ${nobody}`,
  );
});

test.each([
  [['--through', '127.0.0.1:1'], 'No --listen: expected HOST:PORT, where the plain relay leads to'],
  [['--through', '127.0.0.1:1', '--via', 'ftp'], 'Wrong --via: expected one of plain, socks5, websocket, got "ftp"'],
  [['--through', '1', '--via', 'socks5'], 'Wrong --through: expected HOST:PORT such as 127.0.0.1:1080, got "1"'],
  [['--via', 'plain'], '--via and --listen are of a relay: expected --through HOST:PORT with them'],
  [['--tunnel', '--through', '127.0.0.1:1'], 'Give either --tunnel or --through, not both'],
  [['--adapter', 'right'], '--adapter is of the tunnel: expected --tunnel with it'],
  [['--limit-ms', '5'], '--limit-ms is of real sockets: expected --tunnel or --through with it'],
])('%j is refused', async (args, message) => {
  await expect(replay.run([STORY, ...args], capturedIo().io)).rejects.toThrow(message);
});
