import { readdirSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { inspectorPort, portHolder } from '../../harness/attach/inspector-port.ts';
import { kernelSockets } from '../../harness/attach/kernel-sockets.ts';
import { probeInspector } from '../../harness/attach/probe-inspector.ts';
import { checkProcess } from '../../harness/attach/target-process.ts';
import { Target } from './target.ts';

/** What is read of a process before anything is done to it. */

test('on Windows it says that it does not work there', () => {
  expect(() => checkProcess(1, 'win32')).toThrow('Not supported on Windows');
});

test('what answers a probe and is no inspector is none, whatever it says', async () => {
  const answers = ['', 'no json', '{}', '[{"type":"page","id":"1"}]', '[{"type":"node","id":"../../evil"}]'];
  const server = createServer((socket) => {
    socket.once('data', () => {
      const body = answers.shift() ?? '';
      socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`);
    });
    socket.on('error', () => undefined);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  for (let left = answers.length; left > 0; left -= 1) expect(await probeInspector('127.0.0.1', port)).toBe(null);
  await new Promise((resolve) => server.close(resolve));
  expect(await probeInspector('127.0.0.1', port)).toBe(null);
});

describe.runIf(process.platform === 'linux')('from /proc', () => {
  test.each(['127.0.0.1', '::1'])('the sockets of a process on %s, with what is unread', async (host) => {
    const server = createServer({ pauseOnConnect: true }).listen(0, host);
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const accepted = once(server, 'connection');
    const client = connect(port, host);
    await accepted;
    await new Promise<void>((resolve) => {
      client.write('x'.repeat(302), () => {
        resolve();
      });
    });
    const shown = host === '::1' ? '[::1]' : host;
    const own = kernelSockets(process.pid) ?? [];
    expect(own.find(({ state, localPort }) => state === 'listening' && localPort === port)?.local).toBe(
      `${shown}:${port}`,
    );
    expect(own.find(({ local, state }) => local === `${shown}:${port}` && state === 'established')).toMatchObject({
      remote: `${shown}:${client.localPort ?? 0}`,
      unread: 302,
      unsent: 0,
    });
    const [peer] = (await accepted) as [{ destroy(): void }];
    peer.destroy();
    client.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  test('who holds a port', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    expect(portHolder(port)).toEqual({ pid: process.pid });
    await new Promise((resolve) => server.close(resolve));
    expect(portHolder(port)).toBe(null);
  });

  test.each<[string[], NodeJS.ProcessEnv, { port: number; isOpen: boolean }]>([
    [[], {}, { port: 9229, isOpen: false }],
    [['--inspect-port=4711'], {}, { port: 4711, isOpen: false }],
    [['--inspect-port', '127.0.0.1:4711'], {}, { port: 4711, isOpen: false }],
    [[], { NODE_OPTIONS: '--inspect-port=0' }, { port: 0, isOpen: false }],
    [['--inspect=127.0.0.1:0'], {}, { port: 0, isOpen: true }],
  ])('with %j and %j the inspector is where %j says', async (options, env, expected) => {
    const target = new Target(
      process.execPath,
      [...options, '-e', `console.log('ready'); setInterval(() => {}, 1e6)`],
      {
        env: { ...process.env, ...env },
      },
    );
    try {
      await target.prints('ready');
      expect(inspectorPort(target.pid)).toEqual(expected);
    } finally {
      await target.kill();
    }
  });

  test('a thread’s number is not taken for a process', async () => {
    const target = await Target.start(`console.log('ready'); setInterval(() => {}, 1e6)`);
    try {
      const thread = threadsOf(target.pid).find((id) => id !== target.pid) ?? 0;
      expect(() => checkProcess(thread)).toThrow(`${thread} is a thread of ${target.pid}`);
    } finally {
      await target.kill();
    }
  });
});

function threadsOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).map(Number);
}
