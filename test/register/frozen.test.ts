import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openTrace } from '../../src/trace/file/open-trace.ts';
import type { TraceItem } from '../../src/trace/trace-item.ts';
import { startOrigin } from '../tunnel/support/rig.ts';
import { fixture, PATIENCE, register, startNode, startProgram, type Program } from './support.ts';

/** Programs that freeze with `relayscope/register` in them: what is on the screen, and on the disk. */

async function itemsOf(path: string): Promise<TraceItem[]> {
  const items: TraceItem[] = [];
  for await (const item of openTrace(path)) items.push(structuredClone(item));
  return items;
}

function the<K extends TraceItem['kind']>(items: readonly TraceItem[], kind: K): Extract<TraceItem, { kind: K }>[] {
  return items.filter((item): item is Extract<TraceItem, { kind: K }> => item.kind === kind);
}

/** The relay of the fixture; a client has sent it what it chokes on. */
async function freeze(
  env: NodeJS.ProcessEnv = {},
): Promise<{ relay: Program; clientPort: number; originPort: number }> {
  const originPort = await startOrigin((socket) => socket.pipe(socket));
  const relay = startNode(['--import', register, fixture('frozen-pipe-relay.ts'), String(originPort)], env);
  await expect.poll(relay.out, PATIENCE).toContain('\n');
  const client = connect(Number(relay.out()), '127.0.0.1');
  client.on('error', () => undefined);
  onTestFinished(() => void client.destroy());
  client.write('a line\n');
  expect(String((await once(client, 'data'))[0])).toBe('a line\n');
  client.write('STOP');
  return { relay, clientPort: client.localPort ?? 0, originPort };
}

/** That a function does not end is told by the processor's time, of which a busy machine gives little. */
const JUDGEMENT_TIMEOUT_MS = 120_000;

test(
  'a relay of plain pipes that freezes leaves verdict, stack, locals and sockets',
  { timeout: JUDGEMENT_TIMEOUT_MS },
  async () => {
    const { relay, clientPort, originPort } = await freeze();
    await expect
      .poll(relay.err, { timeout: JUDGEMENT_TIMEOUT_MS })
      .toMatch(/spinning: A loop does not end in parseLine \(frozen-pipe-relay\.ts:/);
    const path = `relayscope-${relay.pid}.trace`;
    expect(relay.err()).toContain(`relayscope: the trace is in ${path}\n`);
    await expect
      .poll(async () => the(await itemsOf(join(relay.folder, path)), 'verdict').length, PATIENCE)
      .toBeGreaterThan(0);
    const items = await itemsOf(join(relay.folder, path));
    expect(the(items, 'verdict').at(-1)?.verdict).toMatchObject({ outcome: 'spinning', where: 'outside' });
    const frame = the(items, 'stack')
      .at(-1)
      ?.note.frames.find((one) => one.function === 'parseLine');
    expect(frame?.url).toContain('frozen-pipe-relay.ts');
    expect(frame?.locals).toContainEqual({ name: 'position', value: '0' });
    const { sockets } = the(items, 'sockets').at(-1)?.note ?? { sockets: [] };
    expect(sockets.find(({ remote }) => remote === `127.0.0.1:${clientPort}`)).toMatchObject({
      bytesRead: 11,
      bytesWritten: 7,
    });
    expect(sockets.find(({ remote }) => remote === `127.0.0.1:${originPort}`)).toMatchObject({
      bytesRead: 7,
      bytesWritten: 7,
      state: 'waits for its peer to send',
    });
  },
);

test('what was recorded by a program that names no recorder survives SIGKILL', async () => {
  const index = new URL('../../src/index.ts', import.meta.url).href;
  const program = `
    import { copyBidirectional, fromSocket } from ${JSON.stringify(index)};
    import { connect, createServer } from 'node:net';
    const echo = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1', () => {
      const relay = createServer({ allowHalfOpen: true }, (inbound) => {
        const outbound = connect({ port: echo.address().port, host: '127.0.0.1', allowHalfOpen: true });
        copyBidirectional(fromSocket(inbound), fromSocket(outbound)).catch(() => undefined);
      }).listen(0, '127.0.0.1', () => console.log(relay.address().port));
    });`;
  const relay = startProgram(['--import', register], program, { RELAYSCOPE_TRACE: 'all-%p.trace' });
  await expect.poll(relay.out, PATIENCE).toContain('\n');
  const client = connect(Number(relay.out()), '127.0.0.1');
  onTestFinished(() => void client.destroy());
  client.on('error', () => undefined);
  client.write('there and back');
  await once(client, 'data');
  const a = `127.0.0.1:${client.localPort}`;
  const path = join(relay.folder, `all-${relay.pid}.trace`);
  await expect.poll(async () => the(await itemsOf(path), 'records').length, PATIENCE).toBeGreaterThan(0);
  relay.kill('SIGKILL');
  expect(await relay.ended).toBe('SIGKILL');
  const items = await itemsOf(path);
  expect(the(items, 'connection')[0]?.note).toMatchObject({ connection: 1, a });
  expect(the(items, 'end')).toEqual([]);
});
