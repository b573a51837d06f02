import { connect } from 'node:net';
import { request as httpRequest } from 'node:http';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { DEFAULT_ALLOW } from '../../harness/tunnel/allow-list.ts';
import { readRefusal, refusalOf } from '../../harness/tunnel/refusal.ts';
import { startTunnelClient } from '../../harness/tunnel/tunnel-client.ts';
import { TunnelError } from '../../harness/tunnel/tunnel-error.ts';
import { startTunnelServer, type TunnelServerOptions } from '../../harness/tunnel/tunnel-server.ts';
import { containing } from './support/containing.ts';
import { EventLog } from './support/event-log.ts';
import { endOf, readAll, readBytes } from './support/read.ts';
import { closeLater, connectThrough, open, socksRequest, startOrigin, startRig, TOKEN } from './support/rig.ts';

/** A port that nothing listens on, but did a moment ago. */
async function freePort(): Promise<number> {
  const server = await startTunnelServer({ token: TOKEN });
  await server.close();
  return server.port;
}

describe('a refused dial is the right SOCKS reply', () => {
  test('5: nobody listens there', async () => {
    const rig = await startRig();
    await expect(connectThrough(rig.client.port, await freePort())).rejects.toThrow('SOCKS reply 5');
    expect(await rig.clientLog.nth('refused')).toMatchObject({
      target: containing('127.0.0.1:'),
      failure: { code: 'TUNNEL_DIAL_FAILED', message: containing('the target refused the connection (status 502)') },
    });
    expect((await rig.serverLog.nth('refused')).failure.causes).toEqual(['ECONNREFUSED']);
  });

  test('2: not allowed', async () => {
    const rig = await startRig({ server: { allow: DEFAULT_ALLOW.map((rule) => `${rule}:1`) } });
    await expect(connectThrough(rig.client.port, 2)).rejects.toThrow('SOCKS reply 2');
    expect((await rig.clientLog.nth('refused')).failure.code).toBe('TUNNEL_TARGET_FORBIDDEN');
  });

  test('4: the name has no address', async () => {
    const rig = await startRig({ server: { resolve: async () => [] } });
    await expect(connectThrough(rig.client.port, 80, 'nowhere.example')).rejects.toThrow('SOCKS reply 4');
    expect((await rig.clientLog.nth('refused')).failure.code).toBe('TUNNEL_NAME_NOT_FOUND');
  });

  test('4: the name takes too long to resolve', async () => {
    let answer: (addresses: string[]) => void = () => undefined;
    const late = new Promise<string[]>((resolve) => {
      answer = resolve;
    });
    const rig = await startRig({ server: { resolve: () => late, dialTimeoutMs: 20 } });
    await expect(connectThrough(rig.client.port, 80, 'slow.example')).rejects.toThrow('SOCKS reply 4');
    expect((await rig.clientLog.nth('refused')).failure.code).toBe('TUNNEL_DIAL_TIMEOUT');
    answer(['127.0.0.1']);
  });

  test.each([
    ['ECONNREFUSED', 502, 5],
    ['ENETUNREACH', 502, 3],
    ['EHOSTUNREACH', 502, 4],
    ['ETIMEDOUT', 502, 4],
    ['EMFILE', 502, 1],
  ])('%s is status %i and reply %i', (code, status, reply) => {
    const cause = Object.assign(new Error(code), { code });
    expect(refusalOf(new TunnelError('TUNNEL_DIAL_FAILED', 'Failed', { cause }))).toEqual({ status, reply });
  });

  test('a server that answers nonsense is a general failure', () => {
    for (const code of ['RM -RF', 'constructor', 'toString']) {
      expect(readRefusal(200, code, '0')).toMatchObject({ code: 'TUNNEL_REFUSED', reply: 1 });
    }
    expect(readRefusal(200, undefined, '255')).toMatchObject({ code: 'TUNNEL_REFUSED', reply: 1 });
    expect(readRefusal(200, ['a', 'b'], ['5'])).toMatchObject({ code: 'TUNNEL_REFUSED', reply: 1 });
  });
});

describe('names are resolved at the server, once, and what came is what is dialled', () => {
  test('a name that turns into a private address is not allowed', async () => {
    const rig = await startRig({ server: { allow: ['rebound.example'], resolve: async () => ['127.0.0.1'] } });
    const port = await startOrigin((socket) => socket.pipe(socket));
    await expect(connectThrough(rig.client.port, port, 'rebound.example')).rejects.toThrow('SOCKS reply 2');
    expect((await rig.serverLog.nth('refused')).failure.message).toContain('127.0.0.1');
  });

  test('a name that resolves to an address that is not allowed is not allowed', async () => {
    const rig = await startRig({ server: { resolve: async () => ['192.0.2.1'] } });
    await expect(connectThrough(rig.client.port, 80, 'elsewhere.example')).rejects.toThrow('SOCKS reply 2');
  });

  test('an address that is not allowed is not dialled, though it would answer', async () => {
    const port = await startOrigin((socket) => socket.end('never'));
    const resolve = async (): Promise<string[]> => ['127.0.0.1', '127.0.0.2'];
    const rig = await startRig({ server: { allow: ['127.0.0.2'], resolve } });
    await expect(connectThrough(rig.client.port, port, 'several.example')).rejects.toThrow('SOCKS reply 5');
  });

  test('of several addresses only the allowed are dialled, in turn', async () => {
    const asked: string[] = [];
    const rig = await startRig({
      server: {
        resolve: async (name) => {
          asked.push(name);
          // The second is allowed and refuses; the first would answer anyone who dials it.
          return ['192.0.2.1', '127.0.0.2', '127.0.0.1'];
        },
      },
    });
    const port = await startOrigin((socket) => socket.end('here'));
    const inbound = await connectThrough(rig.client.port, port, 'several.example');
    expect((await readAll(inbound)).toString()).toBe('here');
    expect(asked).toEqual(['several.example']);
  });

  test('localhost reaches an origin on IPv4, and on IPv6 where there is one', async () => {
    const rig = await startRig();
    const v4 = await startOrigin((socket) => socket.end('four'));
    expect((await readAll(await connectThrough(rig.client.port, v4, 'localhost'))).toString()).toBe('four');
    const v6 = await startOrigin((socket) => socket.end('six'), '::1');
    const inbound = await open(rig.client.port);
    const port = Buffer.alloc(2);
    port.writeUInt16BE(v6);
    inbound.write(Buffer.concat([Buffer.of(5, 1, 0, 5, 1, 0, 4), Buffer.alloc(15), Buffer.of(1), port]));
    expect([...(await readBytes(inbound, 12))].slice(0, 4)).toEqual([5, 0, 5, 0]);
    expect((await readAll(inbound)).toString()).toBe('six');
  });
});

describe('SOCKS requests that are refused', () => {
  test.each([
    ['BIND', 2, 7],
    ['UDP ASSOCIATE', 3, 7],
  ])('%s', async (_, command, reply) => {
    const rig = await startRig();
    const inbound = await open(rig.client.port);
    const { greeting, request } = socksRequest('127.0.0.1', 80, command);
    inbound.write(Buffer.concat([greeting, request]));
    expect([...(await readAll(inbound))]).toEqual([5, 0, 5, reply, 0, 1, 0, 0, 0, 0, 0, 0]);
    expect((await rig.clientLog.nth('refused')).failure.code).toBe('SOCKS_COMMAND_UNSUPPORTED');
    inbound.end();
    await expect.poll(() => rig.client.connections).toBe(0);
  });

  test('one that is refused hears why, though it went on sending', async () => {
    const rig = await startRig();
    const inbound = await open(rig.client.port);
    const { greeting, request } = socksRequest('127.0.0.1', 80, 2);
    inbound.end(Buffer.concat([greeting, request, Buffer.alloc(1_000_000)]));
    // An end, and no reset that could overtake the reply.
    expect((await readAll(inbound)).length).toBe(2 + 10);
  });

  test('one that never comes, in time', async () => {
    const rig = await startRig({ client: { handshakeTimeoutMs: 20 } });
    const inbound = await open(rig.client.port);
    expect((await readAll(inbound)).length).toBe(0);
    expect((await rig.clientLog.nth('refused')).failure.code).toBe('SOCKS_HANDSHAKE_TIMEOUT');
  });

  test('one that is cut', async () => {
    const rig = await startRig();
    const inbound = await open(rig.client.port);
    inbound.end(Buffer.of(5, 1, 0, 5, 1));
    expect([...(await readAll(inbound))]).toEqual([5, 0]);
    expect((await rig.clientLog.nth('refused')).failure.code).toBe('SOCKS_HANDSHAKE_CUT');
  });

  test('more at once than may be', async () => {
    const rig = await startRig({ client: { maxConnections: 1 } });
    await open(rig.client.port);
    await expect.poll(() => rig.client.connections).toBe(1);
    const second = connect({ port: rig.client.port, host: '127.0.0.1' });
    closeLater(() => {
      second.destroy();
    });
    expect(await endOf(second)).toMatch(/^(end|ECONNRESET)$/);
    // At once, and not after the time for its handshake.
    expect(rig.clientLog.events).toEqual([]);
  });
});

test('user name and password are asked for, and the right ones are let in', async () => {
  const rig = await startRig({ client: { credentials: { user: 'user', password: 'secret' } } });
  const port = await startOrigin((socket) => socket.end('in'));
  const inbound = await open(rig.client.port);
  const { request } = socksRequest('127.0.0.1', port);
  const authentication = Buffer.from('\x01\x04user\x06secret');
  inbound.write(Buffer.concat([Buffer.of(5, 1, 2), authentication, request]));
  expect([...(await readBytes(inbound, 14))].slice(0, 6)).toEqual([5, 2, 1, 0, 5, 0]);
  expect((await readAll(inbound)).toString()).toBe('in');
});

describe('a server that cannot be reached', () => {
  test('is a general failure, with the reason in the log', async () => {
    const rig = await startRig();
    await rig.server.close();
    await expect(connectThrough(rig.client.port, 80)).rejects.toThrow('SOCKS reply 1');
    expect((await rig.clientLog.nth('refused')).failure).toMatchObject({
      code: 'TUNNEL_UNREACHABLE',
      causes: ['ECONNREFUSED'],
    });
  });

  test('or does not answer in time, likewise', async () => {
    const silent = await startOrigin(() => undefined);
    const rig = await startRig({ client: { server: `ws://127.0.0.1:${silent}`, openTimeoutMs: 20 } });
    await expect(connectThrough(rig.client.port, 80)).rejects.toThrow('SOCKS reply 1');
    expect((await rig.clientLog.nth('refused')).failure.code).toBe('TUNNEL_UNREACHABLE');
  });

  test('or is something else, likewise', async () => {
    const web = await startOrigin((socket) => {
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi');
    });
    const rig = await startRig({ client: { server: `ws://127.0.0.1:${web}` } });
    await expect(connectThrough(rig.client.port, 80)).rejects.toThrow('SOCKS reply 1');
    expect((await rig.clientLog.nth('refused')).failure.code).toBe('TUNNEL_REFUSED');
  });

  test('whose target hangs up while it is being dialled leaves nothing behind', async () => {
    let resolveName: (addresses: string[]) => void = () => undefined;
    const pending = new Promise<string[]>((resolve) => {
      resolveName = resolve;
    });
    const rig = await startRig({ server: { resolve: () => pending } });
    const inbound = await open(rig.client.port);
    const { greeting, request } = socksRequest('slow.example', 80);
    inbound.write(Buffer.concat([greeting, request]));
    await expect.poll(() => rig.server.connections).toBe(1);
    inbound.resetAndDestroy();
    await expect.poll(() => [rig.client.connections, rig.server.connections]).toEqual([0, 0]);
    expect((await rig.serverLog.nth('refused')).failure.code).toBe('TUNNEL_CANCELLED');
    resolveName([]);
  });
});

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

describe('options that make no sense', () => {
  test.each([
    ['token', { token: 'short' }],
    ['allow', { token: TOKEN, allow: ['no rule'] }],
  ])('%s of the server', async (_, options) => {
    await expect(startTunnelServer(options)).rejects.toMatchObject({ code: 'TUNNEL_OPTION_INVALID' });
  });

  test.each(['', 'localhost:80', 'http://127.0.0.1', 'ws://user:pass@127.0.0.1', 'ws://127.0.0.1/#fragment'])(
    'server %j of the client',
    async (server) => {
      await expect(startTunnelClient({ server, token: TOKEN })).rejects.toMatchObject({
        code: 'TUNNEL_OPTION_INVALID',
      });
    },
  );

  test('a port in use, at either end', async () => {
    const { client, server } = await startRig();
    const taken = { code: 'TUNNEL_LISTEN_FAILED', message: containing('EADDRINUSE') };
    await expect(startTunnelServer({ token: TOKEN, port: server.port })).rejects.toMatchObject(taken);
    const again = startTunnelClient({ token: TOKEN, server: 'ws://127.0.0.1:1', port: client.port });
    await expect(again).rejects.toMatchObject(taken);
  });
});
