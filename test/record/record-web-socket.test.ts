import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import * as undici from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createWebSocketStream, WebSocket as NodeWebSocket, WebSocketServer } from 'ws';
import { recordDuplex } from '../../src/record/record-duplex.ts';
import { recordWebSocket } from '../../src/record/record-web-socket.ts';
import { RecordedCopy } from '../../src/record/recorded-copy.ts';
import type { WebSocketLike } from '../../src/streams/web-socket-like.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import type { ConnectionNote } from '../../src/trace/trace-note.ts';
import { FakeWebSocket } from '../streams/support/fake-web-socket.ts';
import { bytesOf, closed, findingsOf, linesOf, linesOn, notesOf, readAll, someBytes, tcpPair } from './support.ts';

const MIB = 1024 * 1024;
type Recorded = { recorder: Recorder; copy: RecordedCopy; notes: ReadonlyMap<number, ConnectionNote> };

function recording(): Recorded {
  const recorder = new Recorder();
  return { recorder, copy: new RecordedCopy({ recorder, a: 'client', b: 'server' }), notes: notesOf(recorder) };
}

/** A server of `ws` that lets itself be connected to, once. */
async function listen(): Promise<{ url: string; accepted: Promise<NodeWebSocket> }> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const accepted = once(server, 'connection').then(([socket]) => {
    server.close();
    return socket as NodeWebSocket;
  });
  onTestFinished(async () => {
    if (server.clients.size === 0) return;
    await Promise.all([...server.clients].map((socket) => (socket.terminate(), closed(socket))));
  });
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`, accepted };
}

function happens(socket: WebSocketLike, what: 'open' | 'close'): Promise<unknown> {
  return new Promise((resolve) => {
    if (what === 'open') socket.addEventListener('open', () => resolve(what));
    else socket.addEventListener('close', resolve);
  });
}

/** Both ends of a WebSocket of `ws`, open. */
async function pair(): Promise<[NodeWebSocket, NodeWebSocket]> {
  const { url, accepted } = await listen();
  const near = new NodeWebSocket(url);
  const [far] = await Promise.all([accepted, once(near, 'open')]);
  onTestFinished(async () => {
    if (near.readyState === NodeWebSocket.CLOSED) return;
    near.terminate();
    await closed(near);
  });
  return [near, far];
}

test("a ws in somebody's own loop, with a byte of kind before each payload", async () => {
  const { recorder, copy, notes } = recording();
  const [client, a] = await tcpPair(true);
  const [b, server] = await pair();
  recordDuplex(a, { copy, side: 'a' });
  recordWebSocket(b, { copy, side: 'b' });
  a.on('data', (chunk) => {
    b.send(Buffer.concat([Buffer.of(0), chunk]));
  });
  a.on('end', () => {
    b.close(1000);
  });
  b.on('message', (message: Buffer) => {
    a.write(message.subarray(1));
  });
  b.on('close', () => {
    a.end();
  });
  server.on('message', (message: Buffer) => {
    server.send(Buffer.concat([Buffer.of(0), message.subarray(1)]));
    client.end();
  });
  const got = readAll(client);
  client.write('hello');
  await Promise.all([closed(a), closed(b)]);
  expect((await got).toString()).toBe('hello');
  expect(linesOn(recorder, 'a -> b')).toEqual([
    'read 5',
    'write 6',
    '(read) ended',
    'read 0',
    'shutting-down 6',
    'register write',
    'shutdown pending after the end',
    '(write) asked',
    '(write) answered',
    'wake write',
    '(write) end-sent',
    'shutdown 0 after the end',
    'done 6',
  ]);
  expect(linesOn(recorder, 'b -> a')).toEqual([
    'read 6',
    'write 5',
    '(read) ended',
    'read 0',
    'shutting-down 5',
    'register write',
    'shutdown pending after the end',
    'wake write',
    '(write) end-sent',
    'shutdown 0 after the end',
    'done 5',
  ]);
  expect(notes.get(1)).toMatchObject({ sight: 'streams', end: 'completed' });
  expect(findingsOf(recorder, notes)).toEqual([]);
});

describe.each([
  ['ws', (url: string): WebSocketLike => new NodeWebSocket(url)],
  ['undici', (url: string): WebSocketLike => new undici.WebSocket(url)],
  ['the global one', (url: string): WebSocketLike => new WebSocket(url)],
])('%s', (_name, connect) => {
  test("its messages, and its peer's Close, which shuts nothing down on this side", async () => {
    const { url, accepted } = await listen();
    const { recorder, copy, notes } = recording();
    const socket = connect(url);
    socket.binaryType = 'arraybuffer';
    recordWebSocket(socket, { copy, side: 'b' });
    const open = happens(socket, 'open');
    const over = happens(socket, 'close');
    const [server] = await Promise.all([accepted, open]);
    const messages = once(server, 'message');
    socket.send(Buffer.from('héé'));
    await messages;
    server.send(Buffer.alloc(7));
    server.send('');
    server.send('text');
    server.close(1000);
    await over;
    expect(linesOf(recorder)).toEqual([
      'a -> b write 5',
      'b -> a read 7',
      'b -> a read 4',
      'b -> a (read) ended',
      'b -> a read 0',
      'a -> b (write) closed',
    ]);
    expect(notes.get(1)).toMatchObject({ end: 'completed' });
  });

  test('a Close of this side, and what is sent after it', async () => {
    const { url, accepted } = await listen();
    const { recorder, copy } = recording();
    const socket = connect(url);
    recordWebSocket(socket, { copy, side: 'b' });
    const over = happens(socket, 'close');
    await Promise.all([accepted, happens(socket, 'open')]);
    socket.close(1000);
    socket.send(Buffer.from('late'));
    await over;
    expect(linesOf(recorder)).toEqual([
      'a -> b shutting-down 0',
      'a -> b register write',
      'a -> b shutdown pending',
      'a -> b (write) asked',
      'a -> b write failed',
      'b -> a (read) ended',
      'b -> a read 0',
      'a -> b (write) answered',
      'a -> b wake write',
      'a -> b (write) end-sent',
      'a -> b shutdown 0',
    ]);
  });

  test('nothing more once it is told to stop', async () => {
    const { url, accepted } = await listen();
    const { recorder, copy } = recording();
    const socket = connect(url);
    const stop = recordWebSocket(socket, { copy, side: 'b' });
    const over = happens(socket, 'close');
    const [server] = await Promise.all([accepted, happens(socket, 'open')]);
    stop();
    socket.send(Buffer.from('unseen'));
    server.send('unseen');
    server.close(1000);
    await over;
    expect(linesOf(recorder)).toEqual([]);
  });

  test('a peer that goes without a Close', async () => {
    const { url, accepted } = await listen();
    const { recorder, copy, notes } = recording();
    const socket = connect(url);
    recordWebSocket(socket, { copy, side: 'b' });
    socket.addEventListener('error', () => undefined);
    const over = happens(socket, 'close');
    (await accepted).terminate();
    await over;
    expect(linesOf(recorder)).toEqual([
      'b -> a (read) failed',
      'b -> a read failed',
      'a -> b (write) failed',
      'a -> b write failed',
    ]);
    expect(notes.get(1)?.end).toMatch(/^WEBSOCKET_(?:CLOSED|FAILED)$/);
  });
});

test('who sends on while too much is unsent is seen to, until enough has gone', async () => {
  const { recorder, copy } = recording();
  const [near, far] = await pair();
  recordWebSocket(near, { copy, side: 'b', highWaterBytes: MIB });
  far.pause();
  let called = 0;
  for (let sent = 0; sent < 24; sent += 1) {
    near.send(someBytes(MIB), { binary: true }, (error) => {
      if (!error) called += 1;
    });
  }
  near.send('x');
  const before = linesOf(recorder);
  expect(before.slice(before.indexOf('a -> b register write') + 1)).toContain(`a -> b write ${MIB}`);
  expect(before).not.toContain('a -> b wake write');
  far.resume();
  await expect.poll(() => near.bufferedAmount).toBe(0);
  await expect.poll(() => linesOf(recorder).at(-1)).toBe('a -> b wake write');
  expect(called).toBe(24);
  expect(bytesOf(recorder, 'write', 'a -> b')).toBe(24 * MIB + 1);
});

test('what was unsent when it is terminated is lost', async () => {
  const { recorder, copy } = recording();
  const [near, far] = await pair();
  far.pause();
  recordWebSocket(near, { copy, side: 'b' });
  near.send(someBytes(64 * MIB));
  const unsent = near.bufferedAmount;
  near.terminate();
  await closed(near);
  far.resume();
  expect(unsent).toBeGreaterThan(0);
  expect(linesOf(recorder).slice(-3)).toEqual([
    'b -> a (read) closed',
    'a -> b (write) closed',
    `a -> b (write) discarded ${unsent}`,
  ]);
});

test('what is sent while it connects throws as before, and is not recorded', async () => {
  const { url, accepted } = await listen();
  const { recorder, copy } = recording();
  const near = new NodeWebSocket(url);
  recordWebSocket(near, { copy, side: 'b' });
  expect(() => {
    near.send('early');
  }).toThrow('CONNECTING');
  await Promise.all([accepted, once(near, 'open')]);
  near.send('later');
  near.terminate();
  await closed(near);
  expect(linesOn(recorder, 'a -> b').filter((line) => line.startsWith('write 5'))).toEqual(['write 5']);
});

test('a ping, and its pong', async () => {
  const { recorder, copy } = recording();
  const [near] = await pair();
  recordWebSocket(near, { copy, side: 'b' });
  near.ping();
  await once(near, 'pong');
  expect(linesOf(recorder)).toEqual(['a -> b (write) asked', 'a -> b (write) answered']);
});

test('under createWebSocketStream, and no longer once it is told to stop', async () => {
  const { recorder, copy } = recording();
  const [near, far] = await pair();
  const stop = recordWebSocket(near, { copy, side: 'b' });
  const stream = createWebSocketStream(near);
  far.on('message', (message: Buffer) => {
    far.send(message);
  });
  stream.write('one');
  await once(stream, 'data');
  stop();
  stream.write('two');
  await once(stream, 'data');
  expect(linesOf(recorder)).toEqual(['a -> b write 3', 'b -> a read 3']);
  for (const name of ['emit', 'send', 'close', 'ping', 'terminate']) {
    expect(Object.getOwnPropertyNames(near)).not.toContain(name);
  }
});

test('a wrong mark is refused', () => {
  expect(() => recordWebSocket(new FakeWebSocket(1), { ...recording(), side: 'a', highWaterBytes: 0 })).toThrow(
    expect.objectContaining({ code: 'STREAM_OPTION_INVALID' }),
  );
});

test('a server that nobody listens to is refused as it is without us', async () => {
  const free = createServer();
  free.listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as AddressInfo;
  free.close();
  await once(free, 'close');
  const { recorder, copy, notes } = recording();
  const near = new NodeWebSocket(`ws://127.0.0.1:${port}/`);
  recordWebSocket(near, { copy, side: 'b' });
  const heard = once(near, 'error').catch((error: unknown) => [error]);
  const [error] = (await heard) as [Error];
  expect(error.message).toContain('ECONNREFUSED');
  if (near.readyState !== NodeWebSocket.CLOSED) await closed(near);
  expect(notes.get(1)).toMatchObject({ end: 'WEBSOCKET_FAILED' });
  expect(bytesOf(recorder, 'read', 'b -> a')).toBe(0);
});
