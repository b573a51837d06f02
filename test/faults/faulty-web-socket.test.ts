import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { Agent, WebSocket as UndiciWebSocket } from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { faultyWebSocket } from '../../harness/faults/faulty-web-socket.ts';
import { Frame } from '../../harness/faults/websocket/wire/frame.ts';
import { WebSocketLink } from '../../harness/faults/websocket/wire/web-socket-link.ts';
import { offByOneAdapter } from '../../harness/tunnel/off-by-one-adapter.ts';
import { readAll, reading, writeAll, writing } from '../streams/support/sockets.ts';

interface Peer {
  readonly url: string;
  /** The first so many messages that it gets. */
  readonly messages: (count: number) => Promise<readonly string[]>;
}

/** A server of `ws`; `onSocket` gets each of its sockets, made through the link if there is one. */
async function peer(onSocket: (ws: WebSocket) => unknown = () => undefined, link?: WebSocketLink): Promise<Peer> {
  const http = createServer();
  const server = new WebSocketServer({ noServer: true });
  const got: string[] = [];
  let changed = (): void => undefined;
  http.on('upgrade', (request, socket, head: Buffer) => {
    const duplex = link?.upgrade(socket, head) ?? socket;
    server.handleUpgrade(request, duplex, link === undefined ? head : Buffer.alloc(0), (ws) => {
      ws.on('error', () => undefined);
      ws.on('message', (data: Buffer) => {
        got.push(data.toString());
        changed();
      });
      onSocket(ws);
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  onTestFinished(async () => {
    for (const ws of server.clients) ws.terminate();
    http.close();
    http.closeAllConnections();
    if (http.listening) await once(http, 'close');
  });
  return {
    // A TCP server that listens has one.
    url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}`,
    messages: async (count) => {
      while (got.length < count) await new Promise<void>((resolve) => (changed = resolve));
      return got;
    },
  };
}

const HELLO = Buffer.from('hello');

describe('faultyWebSocket', () => {
  test('breaks the polls and the frames of a ws that still connects, by one plan', async () => {
    const { url, messages } = await peer();
    const link = new WebSocketLink();
    const ws = new WebSocket(url, { createConnection: link.createConnection });
    onTestFinished(() => {
      ws.terminate();
    });
    const fired: string[] = [];
    const plan = {
      faults: [
        { fault: 'message-doubled', when: { frame: 1 } },
        { fault: 'count', by: 1, when: { call: 1 } },
      ],
    };
    const stream = faultyWebSocket(ws, plan, { link, onFire: ({ text }) => fired.push(text) });
    const n = await writing().until((cx) => stream.pollWrite(cx, HELLO, 0, 5, false));
    expect(n).toBe(6);
    // The tunnel's adapter: a byte of kind before the payload.
    expect(await messages(2)).toEqual(['\0hello', '\0hello']);
    // ws writes at once, so the frame has gone before the count is returned.
    expect(fired).toEqual(['message-doubled', 'count (by 1)']);
  });

  test('breaks what a server of ws sends, when it is called as the socket is handed over', async () => {
    const link = new WebSocketLink();
    const fired: string[] = [];
    const { url } = await peer((ws) => {
      const plan = { faults: [{ fault: 'first-frame-with-101' }, { fault: 'close-code', code: 4321 }] };
      faultyWebSocket(ws, plan, { link, onFire: ({ text }) => fired.push(text) });
      ws.send('first');
      ws.close(1000);
    }, link);
    const ws = new WebSocket(url);
    const closed = once(ws, 'close') as Promise<[number]>;
    expect((await closed)[0]).toBe(4321);
    expect(fired).toEqual(['first-frame-with-101 (waitMs 1000)', 'close-code (code 4321)']);
  });

  test('breaks the frames of an undici client, whose messages have no byte of kind', async () => {
    const { url, messages } = await peer();
    const link = new WebSocketLink();
    const agent = new Agent({ connect: link.connect });
    onTestFinished(() => agent.destroy());
    const socket = new UndiciWebSocket(url, { dispatcher: agent });
    const stream = faultyWebSocket(socket, { faults: [{ fault: 'fragment', bytes: 2 }] }, { link });
    await writeAll(stream, HELLO);
    expect(await messages(1)).toEqual(['hello']);
  });

  test('breaks what is read, where the plan says so', async () => {
    const { url } = await peer((ws) => {
      ws.send(Buffer.from('\0one'));
      ws.send(Buffer.from('\0two'));
      ws.send(Buffer.from('\x01'));
    });
    const link = new WebSocketLink();
    const ws = new WebSocket(url, { createConnection: link.createConnection });
    const plan = { faults: [{ fault: 'messages-swapped', half: 'read', when: { frame: 1 } } as const] };
    const stream = faultyWebSocket(ws, plan, { link });
    expect((await readAll(stream)).toString()).toBe('twoone');
  });

  test('breaks the bytes below the frames, below the polls: all three levels in one plan', async () => {
    const { url, messages } = await peer();
    const link = new WebSocketLink();
    const ws = new WebSocket(url, { createConnection: link.createConnection });
    const failed = once(ws, 'close') as Promise<[number]>;
    ws.on('error', () => undefined);
    const fired: string[] = [];
    const plan = {
      faults: [
        { fault: 'reset', when: { byte: 600 } },
        { fault: 'latency', ms: 1, when: { call: 1 } },
        { fault: 'message-doubled', when: { frame: 1 } },
        { fault: 'count', by: 1, when: { call: 1 } },
      ],
    };
    const stream = faultyWebSocket(ws, plan, { link, onFire: ({ definition }) => fired.push(definition.level) });
    expect(await writing().until((cx) => stream.pollWrite(cx, HELLO, 0, 5, false))).toBe(6);
    expect(await messages(2)).toEqual(['\0hello', '\0hello']);
    await writeAll(stream, Buffer.alloc(1000));
    expect((await failed)[0]).toBe(1006);
    expect(fired).toEqual(['transport', 'websocket', 'poll', 'transport']);
  });

  test('with a fault of the transport that changes nothing, messages and both Closes arrive', async () => {
    const { url, messages } = await peer((server) => {
      server.on('message', (data) => {
        server.send(data);
      });
    });
    const link = new WebSocketLink();
    const ws = new WebSocket(url, { createConnection: link.createConnection });
    const closed = once(ws, 'close') as Promise<[number]>;
    const stream = faultyWebSocket(ws, { faults: [{ fault: 'slice', bytes: 7, gapMs: 0 }] }, { link });
    await writeAll(stream, HELLO);
    await writing().until((cx) => stream.pollShutdown(cx));
    expect(await messages(2)).toEqual(['\0hello', '\x01']);
    expect((await readAll(stream)).toString()).toBe('hello');
    expect((await closed)[0]).toBe(1000);
  });

  test('sees the frames that a client has sent together with its request', async () => {
    const link = new WebSocketLink();
    const plan = { faults: [{ fault: 'message-doubled', half: 'read' } as const] };
    const { url, messages } = await peer((ws) => faultyWebSocket(ws, plan, { link }), link);
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    onTestFinished(() => {
      socket.destroy();
    });
    const request = [
      'GET / HTTP/1.1',
      'host: x',
      'connection: upgrade',
      'upgrade: websocket',
      'sec-websocket-version: 13',
      'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==',
    ];
    const payload = Buffer.from('\0early');
    const frame = Frame.of({ fin: true, rsv: 0, opcode: 2, mask: Buffer.alloc(4, 1), payload });
    socket.write(Buffer.concat([Buffer.from(`${request.join('\r\n')}\r\n\r\n`), frame.wire]));
    expect(await messages(2)).toEqual(['\0early', '\0early']);
  });

  test('takes another adapter, and leaves alone what is for another side or connection', async () => {
    const { url } = await peer();
    const ws = new WebSocket(url);
    onTestFinished(() => {
      ws.terminate();
    });
    const plan = { faults: [{ fault: 'count', side: 'a' } as const, { fault: 'close-lost', connection: 2 }] };
    const stream = faultyWebSocket(ws, plan, { adapt: offByOneAdapter });
    expect(await writing().until((cx) => stream.pollWrite(cx, HELLO, 0, 5, false))).toBe(6);
  });

  test('fails its polls if the WebSocket never opens', async () => {
    const ws = new WebSocket('ws://127.0.0.1:1');
    const stream = faultyWebSocket(ws, { faults: [] });
    const read = reading().until((cx) => stream.pollRead(cx, Buffer.alloc(1), 0, 1));
    await expect(read).rejects.toMatchObject({ code: 'WEBSOCKET_NOT_OPEN' });
    await expect(writing().until((cx) => stream.pollFlush(cx))).rejects.toMatchObject({ code: 'WEBSOCKET_NOT_OPEN' });
  });

  test('refuses a fault in frames without a link, and a link that has been used', () => {
    const ws = new WebSocket('ws://127.0.0.1:1');
    ws.on('error', () => undefined);
    const plan = { faults: [{ fault: 'close-lost' }] };
    expect(() => faultyWebSocket(ws, plan)).toThrow(
      expect.objectContaining({
        code: 'WEBSOCKET_LINK_MISSING',
        message: 'Fault close-lost acts below the WebSocket: expected the link through which it was made, got none',
      }),
    );
    const link = new WebSocketLink();
    faultyWebSocket(ws, plan, { link });
    expect(() => faultyWebSocket(ws, plan, { link })).toThrow(
      expect.objectContaining({ code: 'WEBSOCKET_LINK_TAKEN' }),
    );
  });

  test('refuses a fault of accepting a connection, which is there already', () => {
    const ws = new WebSocket('ws://127.0.0.1:1');
    ws.on('error', () => undefined);
    const plan = { faults: [{ fault: 'refuse', side: 'b' } as const] };
    expect(() => faultyWebSocket(ws, plan, { link: new WebSocketLink() })).toThrow(
      expect.objectContaining({ code: 'FAULT_LEVEL_UNREACHABLE' }),
    );
  });

  test('refuses to dial a wss: address through a link', () => {
    const link = new WebSocketLink();
    expect(() => link.createConnection({ host: '127.0.0.1', port: 1, defaultPort: 443 })).toThrow(
      expect.objectContaining({ code: 'WEBSOCKET_LINK_TLS' }),
    );
    link.connect({ hostname: '127.0.0.1', port: 1, protocol: 'https:' }, (...answer) => {
      expect(answer[0]).toMatchObject({ code: 'WEBSOCKET_LINK_TLS' });
    });
    expect.assertions(2);
  });
});
