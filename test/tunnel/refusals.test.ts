import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { DEFAULT_ALLOW } from '../../harness/tunnel/allow-list.ts';
import { readRefusal, refusalOf } from '../../harness/tunnel/refusal.ts';
import { startTunnelClient } from '../../harness/tunnel/tunnel-client.ts';
import { TunnelError } from '../../harness/tunnel/tunnel-error.ts';
import { startTunnelServer } from '../../harness/tunnel/tunnel-server.ts';
import { containing } from './support/containing.ts';
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
