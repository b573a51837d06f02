import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { duplexPair } from 'node:stream';
import * as undici from 'undici';
import { WebSocket as NodeWebSocket, WebSocketServer, type PerMessageDeflateOptions } from 'ws';
import { fromDuplex } from '../../../src/streams/from-duplex.ts';
import { fromSocket } from '../../../src/streams/from-socket.ts';
import { fromWebSocket, type FromWebSocketOptions } from '../../../src/streams/from-web-socket.ts';
import { fromWebStreams, type WebStreams } from '../../../src/streams/from-web-streams.ts';
import { memoryPair } from '../../../src/streams/memory-pair.ts';
import type { WebSocketLike } from '../../../src/streams/web-socket-like.ts';
import type { StreamPair } from './stream-pair.ts';

/** One function for each transport. `a` is the client where there is one. */

export function memory(): Promise<StreamPair> {
  const [a, b] = memoryPair();
  return Promise.resolve({ a, b, closed: Promise.resolve('nothing to close') });
}

export function duplexes(): Promise<StreamPair> {
  const [a, b] = duplexPair();
  return Promise.resolve({ a: fromDuplex(a), b: fromDuplex(b), closed: Promise.all([closedOf(a), closedOf(b)]) });
}

export async function tcp(): Promise<StreamPair> {
  const { client, accepted, closed } = await connectTcp();
  return { a: fromSocket(client), b: fromSocket(accepted), closed };
}

/** A Unix socket, or a named pipe on Windows: it has no reset. */
export async function unix(): Promise<StreamPair> {
  const name = `relayscope-${randomUUID()}`;
  const path = process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), name);
  const server = createServer({ allowHalfOpen: true });
  server.listen(path);
  await once(server, 'listening');
  const accepting = once(server, 'connection') as Promise<[Socket]>;
  const client = connect({ path, allowHalfOpen: true });
  const [accepted] = await accepting;
  const closed = Promise.all([closedOf(client), closedOf(accepted), closedOf(server)]);
  server.close();
  return { a: fromSocket(client), b: fromSocket(accepted), closed };
}

export function transforms(): Promise<StreamPair> {
  const there = new TransformStream<Uint8Array, Uint8Array>();
  const back = new TransformStream<Uint8Array, Uint8Array>();
  return Promise.resolve({
    a: fromWebStreams({ readable: back.readable, writable: there.writable }),
    b: fromWebStreams({ readable: there.readable, writable: back.writable }),
    closed: Promise.resolve('nothing to close'),
  });
}

/** Web streams over TCP: the readable is a byte stream, and an abort is a reset. */
export async function webTcp(): Promise<StreamPair> {
  const { client, accepted, closed } = await connectTcp();
  return { a: fromWebStreams(webStreamsOf(client)), b: fromWebStreams(webStreamsOf(accepted)), closed };
}

/** How a client is made for a URL; its server is always that of `ws`. */
export const CLIENTS = {
  ws: (url: string): ClientSocket => new NodeWebSocket(url),
  undici: (url: string): ClientSocket => new undici.WebSocket(url),
  global: (url: string): ClientSocket => new WebSocket(url),
};

export async function webSockets(
  makeClient: (url: string) => ClientSocket,
  perMessageDeflate: boolean | PerMessageDeflateOptions = false,
  options: FromWebSocketOptions = {},
): Promise<StreamPair> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const accepting = once(server, 'connection') as Promise<[NodeWebSocket]>;
  const client = makeClient(`ws://127.0.0.1:${port}/`);
  // While it connects: the stream has to wait by itself.
  const a = fromWebSocket(client, options);
  const [accepted] = await accepting;
  const b = fromWebSocket(accepted, options);
  const closed = Promise.all([closedOf(client), closedOf(accepted), closedOf(server)]);
  server.close();
  return { a, b, closed };
}

type ClientSocket = WebSocketLike & CloseTarget;

interface CloseTarget {
  addEventListener(type: 'close', listener: () => void): void;
}

interface CloseEmitter {
  once(event: 'close', listener: () => void): unknown;
}

async function connectTcp(): Promise<{ client: Socket; accepted: Socket; closed: Promise<unknown> }> {
  const server = createServer({ allowHalfOpen: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const accepting = once(server, 'connection') as Promise<[Socket]>;
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const [accepted] = await accepting;
  const closed = Promise.all([closedOf(client), closedOf(accepted), closedOf(server)]);
  server.close();
  return { client, accepted, closed };
}

function webStreamsOf(socket: Socket): WebStreams {
  const reset = (): void => {
    socket.resetAndDestroy();
  };
  const readable = new ReadableStream({
    type: 'bytes',
    start(controller) {
      socket.on('data', (chunk) => {
        controller.enqueue(new Uint8Array(chunk));
        if ((controller.desiredSize ?? 0) <= 0) socket.pause();
      });
      socket.on('end', () => {
        controller.close();
      });
      socket.on('error', (error) => {
        controller.error(error);
      });
    },
    pull() {
      socket.resume();
    },
    cancel: reset,
  });
  const writable = new WritableStream<Uint8Array>({
    start(controller) {
      socket.on('error', (error) => {
        controller.error(error);
      });
    },
    write: (chunk) =>
      new Promise<void>((resolve, reject) => {
        socket.write(chunk, (error) => {
          if (error) reject(error);
          else resolve();
        });
      }),
    close: () =>
      new Promise<void>((resolve) => {
        socket.end(resolve);
      }),
    abort: reset,
  });
  return { readable, writable };
}

/** Unlike `once` of node:events, it does not fail with an 'error' that comes first. */
function closedOf(thing: CloseEmitter | CloseTarget): Promise<string> {
  return new Promise((resolve) => {
    const done = (): void => {
      resolve('closed');
    };
    if ('once' in thing) thing.once('close', done);
    else thing.addEventListener('close', done);
  });
}
