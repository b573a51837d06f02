import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { DebuggerClient } from './support/debugger-client.ts';
import { guardedProject, REPORTERS, type GuardedRun, finished } from './support/guarded-run.ts';

/** Whoever debugs a test stops it for as long as he likes. */

const LIMIT_MS = 500;
const PATIENCE = { timeout: 20_000 };
const IMPORTS = `import { expect, test } from 'vitest';
const wait = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
`;

/** vitest takes 0 for its default, on which somebody else may listen. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** Runs a file in a worker with an inspector, and lets `debug` have it once it listens. */
async function debugged(
  text: string,
  pool: string,
  debug: (output: () => string) => Promise<void>,
): Promise<GuardedRun> {
  const project = guardedProject({
    files: { 'debugged.test.js': IMPORTS + text },
    config: { pool, testTimeout: 60_000 },
  });
  const args = ['run', `--inspect=127.0.0.1:${await freePort()}`, '--no-file-parallelism', ...REPORTERS];
  let output = '';
  const ended = project.run(args, {
    timeoutMs: 60_000,
    env: { RELAYSCOPE_GUARD_LIMIT_MS: String(LIMIT_MS) },
    onText: (more) => (output += more),
  });
  await expect.poll(() => output, PATIENCE).toMatch(/ws:\/\/\S+/);
  await debug(() => output);
  return finished(project, await ended);
}

test.each(['forks', 'threads'])('a breakpoint is no hang, and stays held: in %s', async (pool) => {
  const text = `test('is debugged', async () => {
  while (globalThis.isAttached !== true) await wait(20);
  debugger;
  await wait(200);
  expect(1).toBe(1);
});`;
  const run = await debugged(text, pool, async (output) => {
    const client = await DebuggerClient.attach(output());
    await client.post('Debugger.enable');
    const paused = client.next('Debugger.paused');
    await client.post('Runtime.evaluate', { expression: 'globalThis.isAttached = true' });
    await paused;
    await new Promise((resolve) => {
      setTimeout(resolve, LIMIT_MS * 5);
    });
    expect(client.events).not.toContain('Debugger.resumed');
    await client.post('Debugger.resume');
    client.close();
  });
  expect({ code: run.code, output: run.output }).toMatchObject({ code: 0 });
  expect(run.output).not.toMatch(/relayscope:|stuck/);
});

test.each(['forks', 'threads'])(
  'a loop in a worker whose inspector is open is told, and not ended: in %s',
  async (pool) => {
    const text = `test('works', () => {
  const end = performance.now() + ${LIMIT_MS * 12};
  while (performance.now() < end);
  expect(1).toBe(1);
});`;
    const run = await debugged(text, pool, () => Promise.resolve());
    expect({ code: run.code, output: run.output }).toMatchObject({ code: 0 });
    expect(run.output).toMatch(/relayscope: [^]*debugged\.test\.js[^]*works/);
    expect(run.statuses).toEqual({ 'debugged.test.js: works': 'passed' });
  },
);
