import { describe, expect, test } from 'vitest';
import { runCli } from '../../harness/cli/run-cli.ts';
import { capturedIo } from '../cli/captured-io.ts';
import { readAll } from './support/read.ts';
import { closeLater, connectThrough, startOrigin, TOKEN } from './support/rig.ts';

/** A command that runs until it is stopped. */
function start(args: string[], env: NodeJS.ProcessEnv = {}) {
  const stop = new AbortController();
  const { io, out, err } = capturedIo({ signal: stop.signal, env });
  const code = runCli(['tunnel', ...args], io);
  closeLater(async () => {
    stop.abort();
    await code;
  });
  return {
    out,
    err,
    /** The port in its first line, once there is one. */
    async port(): Promise<number> {
      await expect.poll(out).toContain('\n');
      return Number(/(?:"port":|^Listening .*:)(\d+)/.exec(out())?.[1]);
    },
    async stop(): Promise<number> {
      stop.abort();
      return code;
    },
  };
}

async function run(args: string[], env: NodeJS.ProcessEnv = {}): Promise<{ code: number; out: string; err: string }> {
  const { io, out, err } = capturedIo({ env });
  const code = await runCli(['tunnel', ...args], io);
  return { code, out: out(), err: err() };
}

const listen = ['--listen', '127.0.0.1:0'];
const env = { RELAYSCOPE_TOKEN: TOKEN };

test('server and client carry a connection, say so, and end when they are asked to', async () => {
  const server = start(['server', ...listen]);
  const url = `ws://127.0.0.1:${await server.port()}`;
  const token = /^Token, new: (\S+)$/m.exec(server.out())?.[1];
  const client = start(['client', ...listen, '--server', url, '--token', token ?? '']);
  const port = await startOrigin((socket) => socket.pipe(socket));
  const inbound = await connectThrough(await client.port(), port);
  inbound.end('through');
  expect((await readAll(inbound)).toString()).toBe('through');
  const line = new RegExp(
    `^#1 127\\.0\\.0\\.1:\\d+ -> 127\\.0\\.0\\.1:${port}: completed: a -> b 7, b -> a 7 bytes in \\d+\\.\\d{3} s$`,
    'm',
  );
  await expect.poll(client.err).toMatch(line);
  await expect.poll(server.err).toMatch(line);
  expect(await Promise.all([client.stop(), server.stop()])).toEqual([0, 0]);
});

test('--json prints one object a line, --quiet nothing for a connection', async () => {
  const server = start(['server', ...listen, '--quiet', '--dialect', 'tokio-1.39.0'], env);
  const url = `ws://127.0.0.1:${await server.port()}`;
  const client = start(['client', ...listen, '--server', url, '--json'], env);
  const proxyPort = await client.port();
  await expect(connectThrough(proxyPort, 80, '8.8.8.8')).rejects.toThrow('SOCKS reply 2');
  await expect.poll(() => client.out().trim().split('\n').length).toBe(2);
  const lines = client.out().trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { schema: 1, event: 'listening', role: 'client', address: '127.0.0.1', port: proxyPort },
    { schema: 1, event: 'refused', connection: 1, target: '8.8.8.8:80', failure: { code: 'TUNNEL_TARGET_FORBIDDEN' } },
  ]);
  expect(server.err()).toBe('');
  expect(server.out()).toBe(`Listening on ${url}\n`);
});

describe('what cannot work is one line and code 2', () => {
  test.each([
    ['no side', [], {}, 'Wrong side of the tunnel: expected server or client, got ""'],
    ['another side', ['middle'], {}, 'got "middle"'],
    ['a stray argument', ['server', 'now'], {}, 'Unexpected argument'],
    ['an option of the other side', ['server', '--server', 'x'], {}, 'Wrong side: --server belongs to tunnel client'],
    ['an unknown option', ['server', '--fast'], {}, "Unknown option '--fast'"],
    ['no server', ['client'], env, 'No server'],
    ['no token', ['client', '--server', 'ws://127.0.0.1:1'], {}, 'No token'],
    ['a short token', ['server', ...listen, '--token', 'short'], {}, 'Wrong token'],
    ['a wrong URL', ['client', ...listen, '--server', 'http://127.0.0.1'], env, 'Wrong server'],
    ['no server there', ['client', ...listen, '--server', 'ws://127.0.0.1:1'], env, 'Failed to reach 127.0.0.1:1'],
    ['a wrong address', ['server', '--listen', '1080'], env, 'Wrong --listen: expected HOST:PORT'],
    ['a port too high', ['server', '--listen', 'a:65536'], env, 'Wrong --listen'],
    ['a wrong rule', ['server', ...listen, '--allow', 'a b'], env, 'Wrong allowed destination'],
    ['a wrong number', ['server', ...listen, '--max-connections', '0'], env, 'Wrong value of --max-connections'],
    ['messages too short', ['server', '--max-message-bytes', '1023'], env, 'from 1024 to 67108864'],
    ['an unknown dialect', ['server', ...listen, '--dialect', 'tokio'], env, 'Unknown dialect'],
    ['a password alone', ['client', '--server', 'ws://a', '--password', 'x'], env, 'expected --user too'],
    ['a user alone', ['client', '--server', 'ws://a', '--user', 'x'], env, 'or --password too'],
  ] as const)('%s', async (_, args, env, message) => {
    const { code, out, err } = await run([...args], env);
    expect({ code, out, lines: err.split('\n').filter((line) => !/^(Try: .*)?$/.test(line)) }).toEqual({
      code: 2,
      out: '',
      lines: [expect.stringContaining(message)],
    });
  });

  test('a port in use, and a token that the server does not take', async () => {
    const server = start(['server', ...listen], env);
    const port = await server.port();
    expect(await run(['server', '--listen', `127.0.0.1:${port}`], env)).toMatchObject({
      code: 2,
      err: `relayscope: Failed to listen on 127.0.0.1:${port}: listen EADDRINUSE: address already in use 127.0.0.1:${port} [TUNNEL_LISTEN_FAILED]\n`,
    });
    const client = ['client', ...listen, '--server', `ws://127.0.0.1:${port}`, '--token', 'another-token-than-that'];
    expect(await run(client)).toMatchObject({
      code: 2,
      err: `relayscope: Wrong token: 127.0.0.1:${port} expected another [TUNNEL_TOKEN_WRONG]\n`,
    });
  });

  test('a web server that is no tunnel server', async () => {
    const port = await startOrigin((socket) => {
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi');
    });
    const { code, err } = await run(['client', ...listen, '--server', `ws://127.0.0.1:${port}`], env);
    expect([code, err]).toEqual([2, expect.stringContaining('got status 200 from something else [TUNNEL_REFUSED]')]);
  });
});

test('what is allowed but dangerous is warned of', async () => {
  const server = start(['server', '--listen', '0.0.0.0:0', '--allow', '*'], env);
  const port = await server.port();
  expect(server.err()).toMatch(/warning: Token and bytes come to 0\.0\.0\.0 unencrypted.*\n.*warning: --allow \* lets/);
  const client = start(['client', '--listen', '0.0.0.0:0', '--server', `ws://127.0.0.1:${port}`], env);
  await client.port();
  expect(client.err()).toMatch(/warning: Anyone who reaches 0\.0\.0\.0 can use this proxy/);
});
