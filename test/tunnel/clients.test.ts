import { execFile, execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { fetch, Socks5ProxyAgent } from 'undici';
import { describe, expect, test } from 'vitest';
import { requires } from '../requires.ts';
import { closeLater, startRig } from './support/rig.ts';

const curl = requires('curl', () => execFileSync('curl', ['--version']));
const run = promisify(execFile);

/** A web server that says what it was asked for, and sends back what it was sent. */
async function startWeb(): Promise<number> {
  const server = createServer((request, response) => {
    response.writeHead(request.method === 'GET' ? 302 : 200, { location: request.headers.host });
    if (request.method === 'GET') response.end('moved');
    else request.pipe(response);
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => {
    server.once('listening', resolve);
  });
  closeLater(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });
  // A TCP server that listens has one.
  return (server.address() as AddressInfo).port;
}

describe.skipIf(!curl)('curl', () => {
  /** Standard output, or the exit code. */
  async function ask(...args: string[]): Promise<string> {
    try {
      const { stdout } = await run('curl', ['-q', '-sS', '-m', '10', ...args]);
      return stdout;
    } catch (error) {
      return `exit ${(error as { code: number }).code}`;
    }
  }

  test('gets the redirect of the story, in 68 bytes of request', async () => {
    const rig = await startRig();
    const port = await startWeb();
    const to = ['--connect-to', `t.cn:80:127.0.0.1:${port}`, '-A', 'curl/7.88.1'];
    const answer = await ask('-i', ...to, '--socks5', `127.0.0.1:${rig.client.port}`, 'http://t.cn/');
    expect(answer).toMatch(/^HTTP\/1\.1 302 Found\r\n/);
    expect(answer).toMatch(/moved$/);
    expect(await rig.clientLog.nth('ended')).toMatchObject({ counts: { aToB: 68 }, failure: null });
  });

  test('lets the far side resolve the name', async () => {
    const rig = await startRig({ server: { resolve: async (name) => (name === 'far.example' ? ['127.0.0.1'] : []) } });
    const port = await startWeb();
    const proxy = `127.0.0.1:${rig.client.port}`;
    expect(await ask('--socks5-hostname', proxy, `http://far.example:${port}/`)).toBe('moved');
    expect((await rig.serverLog.nth('ended')).target).toBe(`far.example:${port}`);
    // 97: the proxy said no.
    expect(await ask('--socks5-hostname', proxy, `http://elsewhere.example:${port}/`)).toBe('exit 97');
  });

  test('shows user name and password', async () => {
    const rig = await startRig({ client: { credentials: { user: 'user', password: 'secret' } } });
    const port = await startWeb();
    const proxy = `127.0.0.1:${rig.client.port}`;
    expect(await ask('--socks5', proxy, '--proxy-user', 'user:secret', `http://127.0.0.1:${port}/`)).toBe('moved');
    expect(await ask('--socks5', proxy, '--proxy-user', 'user:wrong', `http://127.0.0.1:${port}/`)).toBe('exit 97');
    expect(await ask('--socks5', proxy, `http://127.0.0.1:${port}/`)).toBe('exit 97');
  });

  test('is told when it takes the SOCKS port for an HTTP proxy', async () => {
    const rig = await startRig();
    expect(await ask('--proxy', `http://127.0.0.1:${rig.client.port}`, 'http://127.0.0.1:1/')).toMatch(/^exit/);
    expect((await rig.clientLog.nth('refused')).failure.message).toContain('perhaps an HTTP request');
  });
});

test('undici sends and gets a body through the proxy', async () => {
  const rig = await startRig();
  const port = await startWeb();
  const dispatcher = new Socks5ProxyAgent(`socks5://127.0.0.1:${rig.client.port}`);
  const body = 'x'.repeat(1_000_000);
  const response = await fetch(`http://127.0.0.1:${port}/`, { dispatcher, method: 'POST', body });
  expect(await response.text()).toBe(body);
  await dispatcher.close();
});
