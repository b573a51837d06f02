import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openTrace } from '../../src/trace/file/open-trace.ts';
import { decodeRecords } from '../../src/trace/decode-records.ts';
import type { TraceItem } from '../../src/trace/trace-item.ts';
import type { TraceEvent } from '../../src/trace/trace-event.ts';
import { startNode, type Program } from '../register/support.ts';
import { startOrigin } from '../tunnel/support/rig.ts';
import { errorOf } from './support.ts';

/** The command as a process of its own, and the signals that end it or ask it for something. */

const main = join(import.meta.dirname, '../../harness/cli/main.ts');

async function startTap(args: readonly string[]): Promise<Program & { port: number }> {
  const program = startNode([main, 'tap', '--listen', '127.0.0.1:0', ...args]);
  await expect.poll(program.out, { timeout: 10_000 }).toContain('\n');
  return { ...program, port: Number(/:(\d+), relaying/.exec(program.out())?.[1]) };
}

async function readTrace(path: string): Promise<{ items: TraceItem[]; events: TraceEvent[] }> {
  const items: TraceItem[] = [];
  const events: TraceEvent[] = [];
  for await (const item of openTrace(path)) {
    if (item.kind === 'records') events.push(...decodeRecords(item.words, item.firstSeq));
    else items.push(structuredClone(item));
  }
  return { items, events };
}

function client(port: number): Socket {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** A target that sends for as long as it is read. */
async function startEndless(): Promise<number> {
  const chunk = Buffer.alloc(65_536, 'endless\n');
  return startOrigin((socket) => {
    const send = (): void => {
      while (socket.write(chunk));
    };
    socket.on('drain', send);
    send();
  });
}

/** Bytes that the writers of one direction took, by the trace. */
function written(events: readonly TraceEvent[], direction: string): number {
  let bytes = 0;
  for (const { kind, n, direction: its } of events) {
    if (kind === 'write' && its === direction && typeof n === 'number' && n > 0) bytes += n;
  }
  return bytes;
}

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends it with everything saved', async (signal, code) => {
  const tap = await startTap([
    '--to',
    `127.0.0.1:${await startOrigin((socket) => socket.pipe(socket))}`,
    '--trace',
    'a.trace',
  ]);
  const socket = client(tap.port);
  socket.write('there and back');
  await once(socket, 'data');
  const seen = errorOf(socket);
  tap.kill(signal);
  expect(await tap.ended).toBe(code);
  expect(await seen).toBe('ECONNRESET');
  const { items, events } = await readTrace(join(tap.folder, 'a.trace'));
  expect(items.findLast(({ kind }) => kind === 'connection')).toMatchObject({
    note: { connection: 1, end: 'ABORTED' },
  });
  expect(items.at(-1)).toMatchObject({ kind: 'end', note: { reason: 'signal' } });
  expect([written(events, 'a -> b'), written(events, 'b -> a')]).toEqual([14, 14]);
  expect(tap.err()).toMatch(/\nSaved: a\.trace \(\d+ bytes\)\n$/);
});

test('SIGUSR2 brings the trace up to date, says so, and the relay goes on', async () => {
  const tap = await startTap([
    '--to',
    `127.0.0.1:${await startOrigin((socket) => socket.pipe(socket))}`,
    '--trace',
    'a.trace',
  ]);
  const socket = client(tap.port);
  for (const times of [1, 2]) {
    socket.write('again');
    await once(socket, 'data');
    tap.kill('SIGUSR2');
    await expect.poll(() => tap.err().match(/^Saved: a\.trace \(\d+ bytes\)$/gm)?.length).toBe(times);
    const { events } = await readTrace(join(tap.folder, 'a.trace'));
    expect(written(events, 'b -> a')).toBe(5 * times);
  }
});

test('SIGUSR2 without --trace saves what is in memory', async () => {
  const tap = await startTap(['--to', `127.0.0.1:${await startOrigin((socket) => socket.pipe(socket))}`]);
  const socket = client(tap.port);
  socket.write('in memory');
  await once(socket, 'data');
  tap.kill('SIGUSR2');
  const name = `relayscope-tap-${tap.pid}.trace`;
  await expect.poll(tap.err).toContain(`Saved: ${name} (`);
  const { items, events } = await readTrace(join(tap.folder, name));
  expect(items).toContainEqual({
    kind: 'connection',
    note: expect.objectContaining({ connection: 1, a: `127.0.0.1:${socket.localPort}` }) as unknown,
  });
  expect(written(events, 'b -> a')).toBe(9);
});

test('after SIGKILL in mid-transfer the trace is readable up to the last few milliseconds', async () => {
  const tap = await startTap(['--to', `127.0.0.1:${await startEndless()}`, '--trace', 'a.trace']);
  const socket = client(tap.port);
  let received = 0;
  const path = join(tap.folder, 'a.trace');
  socket.on('data', (chunk: Buffer) => {
    received += chunk.length;
  });
  await expect.poll(() => received, { timeout: 10_000 }).toBeGreaterThan(50e6);
  tap.kill('SIGKILL');
  expect(await tap.ended).toBe('SIGKILL');
  const { items, events } = await readTrace(path);
  expect(items.filter(({ kind }) => kind === 'warning' || kind === 'end')).toEqual([]);
  expect(items).toContainEqual({ kind: 'connection', note: expect.objectContaining({ connection: 1 }) as unknown });
  // Nothing that the client got is older than what the trace ends with, but for those few milliseconds at full speed.
  expect(written(events, 'b -> a')).toBeGreaterThan(received * 0.9);
});

test('once it says that it listens, the trace is there', async () => {
  const tap = await startTap(['--to', '127.0.0.1:1', '--trace', 'a.trace']);
  tap.kill('SIGKILL');
  await tap.ended;
  const { items } = await readTrace(join(tap.folder, 'a.trace'));
  expect(items.map(({ kind }) => kind)).toEqual(['about']);
});

test('--max-trace bounds the file', async () => {
  const tap = await startTap([
    '--to',
    `127.0.0.1:${await startEndless()}`,
    '--trace',
    'a.trace',
    '--max-trace',
    '128k',
  ]);
  const socket = client(tap.port);
  const path = join(tap.folder, 'a.trace');
  let received = 0;
  let largest = 0;
  socket.on('data', (chunk: Buffer) => {
    received += chunk.length;
    largest = Math.max(largest, existsSync(path) ? statSync(path).size : 0);
  });
  await expect.poll(() => received, { timeout: 15_000 }).toBeGreaterThan(800e6);
  tap.kill('SIGTERM');
  await tap.ended;
  expect(largest).toBeGreaterThan(64 * 1024);
  expect(Math.max(largest, statSync(path).size)).toBeLessThanOrEqual(128 * 1024);
  const { items, events } = await readTrace(path);
  expect(items[0]).toMatchObject({ kind: 'about' });
  expect(items.at(-1)).toMatchObject({ kind: 'end' });
  expect(events[0]?.seq).toBe(0);
});

test('a disk that takes no more is said once, and the relay goes on', async () => {
  const tap = await startTap([
    '--to',
    `127.0.0.1:${await startOrigin((socket) => socket.pipe(socket))}`,
    '--trace',
    '/dev/full',
  ]);
  const socket = client(tap.port);
  for (const text of ['one', 'two']) {
    socket.write(text);
    expect(String((await once(socket, 'data'))[0])).toBe(text);
  }
  const said = /^relayscope: warning: Cannot write the trace \/dev\/full: .*; the relay goes on without it$/gm;
  await expect.poll(() => tap.err().match(said)?.length).toBe(1);
});
