import { request as httpRequest } from 'node:http';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startTunnelServer, type TunnelServerOptions } from '../../harness/tunnel/tunnel-server.ts';
import { EventLog } from './support/event-log.ts';
import { endOf, readAll } from './support/read.ts';
import { closeLater, open, startOrigin, TOKEN } from './support/rig.ts';

describe('the upgrade', () => {
  async function start(options: Partial<TunnelServerOptions> = {}) {
    const log = new EventLog();
    const server = await startTunnelServer({ token: TOKEN, onEvent: log.onEvent, ...options });
    closeLater(() => server.close());
    return { server, log };
  }

  /** The answer to an upgrade request, as far as a plain HTTP client sees it. */
  function ask(port: number, path: string, headers: Record<string, string> = {}) {
    return new Promise<{ status: number; code: string; reply: string }>((resolve, reject) => {
      const upgrade = { connection: 'Upgrade', upgrade: 'websocket' };
      const socket = { 'sec-websocket-version': '13', 'sec-websocket-key': Buffer.alloc(16).toString('base64') };
      const authorization = `Bearer ${TOKEN}`;
      const all = { ...upgrade, ...socket, authorization, ...headers };
      const request = httpRequest({ port, path, agent: false, headers: all }, (response) => {
        response.resume();
        const { 'relayscope-code': code, 'relayscope-socks-reply': reply } = response.headers;
        resolve({ status: response.statusCode ?? 0, code: String(code), reply: String(reply) });
      });
      request.on('error', reject);
      request.on('upgrade', (_, socket) => {
        socket.destroy();
        resolve({ status: 101, code: '', reply: '' });
      });
      request.end();
    });
  }

  test.each([
    [
      'another token',
      '/?host=127.0.0.1&port=1',
      { authorization: 'Bearer another-token-here' },
      401,
      'TUNNEL_TOKEN_WRONG',
    ],
    ['no token', '/?host=127.0.0.1&port=1', { authorization: '' }, 401, 'TUNNEL_TOKEN_WRONG'],
    ['no target', '/', {}, 400, 'TUNNEL_TARGET_INVALID'],
    ['a target elsewhere', '/?host=8.8.8.8&port=53', {}, 403, 'TUNNEL_TARGET_FORBIDDEN'],
    ['a target that refuses', '/?host=127.0.0.1&port=1', {}, 502, 'TUNNEL_DIAL_FAILED'],
  ] as const)('with %s is an HTTP status and a code', async (_, path, headers, status, code) => {
    const { server } = await start();
    expect(await ask(server.port, path, headers)).toMatchObject({ status, code });
    await expect.poll(() => server.connections).toBe(0);
  });

  test('over the limit is refused', async () => {
    const { server } = await start({ maxConnections: 1 });
    const port = await startOrigin(() => undefined);
    const url = `ws://127.0.0.1:${server.port}/?host=127.0.0.1&port=${port}`;
    const first = new WebSocket(url, { headers: { authorization: `Bearer ${TOKEN}` } });
    closeLater(() => {
      first.terminate();
    });
    await new Promise((resolve) => {
      first.once('open', resolve);
    });
    expect(await ask(server.port, `/?host=127.0.0.1&port=${port}`)).toMatchObject({ status: 503, code: 'TUNNEL_FULL' });
  });

  test('that is none dials nothing for long', async () => {
    const { server, log } = await start();
    const port = await startOrigin(() => undefined);
    const path = `/?host=127.0.0.1&port=${port}`;
    expect(await ask(server.port, path, { 'sec-websocket-key': 'no key' })).toMatchObject({ status: 400 });
    expect((await log.nth('refused')).failure.code).toBe('TUNNEL_CANCELLED');
    await expect.poll(() => server.connections).toBe(0);
  });

  /** The socket to the target has no reader yet, nor will it get one: its reset must not be an uncaught error. */
  test('that is none, to a target that resets at once, harms nobody', async () => {
    const { server } = await start();
    for (let turns = 0; turns < 24; turns += 1) {
      const port = await startOrigin((socket) => {
        let left = turns % 8;
        const step = (): void => {
          left -= 1;
          if (left < 0) socket.resetAndDestroy();
          else setImmediate(step);
        };
        step();
      });
      const status = await ask(server.port, `/?host=127.0.0.1&port=${port}`, { 'sec-websocket-version': '99' });
      expect(status.status).toBeGreaterThanOrEqual(400);
    }
    await expect.poll(() => server.connections).toBe(0);
  });

  test('that never comes, from many, keeps out nobody who has the token', async () => {
    const { server } = await start({ maxConnections: 4 });
    const silent = await Promise.all(Array.from({ length: 600 }, () => open(server.port)));
    for (const socket of silent) socket.on('error', () => undefined).write('GET / HTTP/1.1\r\n');
    const socket = await open(server.port);
    socket.write(`GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`);
    expect((await readAll(socket)).toString()).toContain('HTTP/1.1 426');
    for (const one of [...silent, socket]) one.destroy();
  });

  test('that does not come in time is hung up on', async () => {
    const { server } = await start({ handshakeTimeoutMs: 20 });
    const socket = await open(server.port);
    socket.write('GET / HTTP/1.1\r\nHost: ');
    expect(await endOf(socket)).toMatch(/^(end|ECONNRESET)$/);
  });

  test.each([
    ['endless headers', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}`, 'HTTP/1.1 431'],
    ['no HTTP', Buffer.of(5, 1, 0).toString('latin1'), 'HTTP/1.1 400'],
    ['a plain request', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', 'HTTP/1.1 401'],
    [
      'a plain request with the token',
      `GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`,
      'HTTP/1.1 426',
    ],
  ])('%s gets an answer and is hung up on', async (_, bytes, status) => {
    const { server } = await start();
    const socket = await open(server.port);
    socket.write(bytes);
    const answer = await readAll(socket);
    expect(answer.toString()).toContain(status);
    socket.end();
  });

  test('with a message that is too long fails that connection alone', async () => {
    const { server, log } = await start({ maxMessageBytes: 1024 });
    const port = await startOrigin(() => undefined);
    const url = `ws://127.0.0.1:${server.port}/?host=127.0.0.1&port=${port}`;
    const ws = new WebSocket(url, { headers: { authorization: `Bearer ${TOKEN}` } });
    ws.once('open', () => {
      ws.send(Buffer.alloc(1025));
    });
    const code = await new Promise((resolve) => {
      ws.once('close', resolve);
    });
    expect(code).toBe(1009);
    expect((await log.nth('ended')).failure?.causes).toEqual([
      'TUNNEL_MESSAGE_TOO_LONG',
      'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH',
    ]);
    expect(await ask(server.port, `/?host=127.0.0.1&port=${port}`)).toMatchObject({ status: 101 });
  });
});
