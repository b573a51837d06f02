import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runCli } from '../../harness/cli/run-cli.ts';
import { openTrace } from '../../src/trace/file/open-trace.ts';
import type { TraceItem } from '../../src/trace/trace-item.ts';
import { capturedIo } from '../cli/captured-io.ts';
import { readAll } from '../tunnel/support/read.ts';
import { closeLater, open, startOrigin } from '../tunnel/support/rig.ts';
import { heard } from './support.ts';

/** The command in this process, until it is stopped. */
function start(args: string[], options: { isTTY?: boolean; columns?: number } = {}) {
  const stop = new AbortController();
  const { io, out, err } = capturedIo({ signal: stop.signal, isTTY: options.isTTY ?? false });
  const stderr = { ...io.stderr, ...(options.columns === undefined ? {} : { columns: options.columns }) };
  const code = runCli(['tap', '--listen', '127.0.0.1:0', ...args], { ...io, stderr });
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
      return Number(/(?:"port":|^Listening on .*?:)(\d+)/.exec(out())?.[1]);
    },
    async stop(): Promise<number> {
      stop.abort();
      return code;
    },
  };
}

async function run(args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const { io, out, err } = capturedIo();
  const code = await runCli(['tap', ...args], io);
  return { code, out: out(), err: err() };
}

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'relayscope-tap-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}

async function itemsOf(path: string): Promise<TraceItem[]> {
  const items: TraceItem[] = [];
  for await (const item of openTrace(path)) items.push(structuredClone(item));
  return items;
}

function the<K extends TraceItem['kind']>(items: readonly TraceItem[], kind: K): Extract<TraceItem, { kind: K }>[] {
  return items.filter((item): item is Extract<TraceItem, { kind: K }> => item.kind === kind);
}

async function echo(): Promise<number> {
  return startOrigin((socket) => socket.pipe(socket));
}

async function roundTrip(port: number, text: string): Promise<void> {
  const client = await open(port);
  client.end(text);
  expect((await readAll(client)).toString()).toBe(text);
}

/** The watchdog knows that nobody will wake it; what was recorded tells why. */
test('after a verdict it says what is found in what was recorded until then', async () => {
  const plan = join(scratch(), 'plan.yaml');
  writeFileSync(plan, 'faults: [{ fault: pending-without-waker, side: b, half: write }]\n');
  const tap = start(['--to', `127.0.0.1:${await echo()}`, '--faults', plan]);
  const client = await open(await tap.port());
  client.write('ping');
  await expect.poll(tap.err).toMatch(/^#1 finding: pending-without-waker \(a -> b\): /m);
  const [verdict, finding] = ['parked', '#1 finding'].map((text) => tap.err().indexOf(text));
  expect(verdict).toBeLessThan(finding ?? 0);
  client.destroy();
  expect(await tap.stop()).toBe(0);
});

test('it says where it listens, what happens, and where the trace is', async () => {
  const origin = await echo();
  const path = join(scratch(), 'tap.trace');
  const tap = start(['--to', `127.0.0.1:${origin}`, '--trace', path]);
  const port = await tap.port();
  expect(tap.out()).toBe(`Listening on 127.0.0.1:${port}, relaying to 127.0.0.1:${origin}, trace in ${path}\n`);
  await roundTrip(port, 'through');
  const to = `127\\.0\\.0\\.1:\\d+ -> 127\\.0\\.0\\.1:${origin}`;
  const ended = 'completed: both sides ended; a -> b 7, b -> a 7 bytes in \\d+\\.\\d{3} s';
  await expect.poll(tap.err).toMatch(new RegExp(`^#1 ${to}: opened\n#1 ${to}: ${ended}\n$`));
  expect(await tap.stop()).toBe(0);
  expect(tap.err()).toMatch(new RegExp(`\nSaved: ${path} \\(\\d+ bytes\\)\n$`));
  const items = await itemsOf(path);
  expect(the(items, 'about')[0]?.about).toMatchObject({
    title: `tap to 127.0.0.1:${origin}`,
    dialect: 'checked',
    pid: process.pid,
  });
  expect(the(items, 'connection').at(-1)?.note).toMatchObject({
    connection: 1,
    b: `127.0.0.1:${origin}`,
    end: 'completed',
    message: 'both sides ended',
  });
  expect(the(items, 'end')[0]?.note.reason).toBe('signal');
  expect([the(items, 'payload'), the(items, 'warning')]).toEqual([[], []]);
});

test('many connections stand in one trace, each with its note', async () => {
  const path = join(scratch(), 'tap.trace');
  const tap = start(['--to', `127.0.0.1:${await echo()}`, '--trace', path]);
  const port = await tap.port();
  await Promise.all(Array.from({ length: 200 }, (_, i) => roundTrip(port, `number ${i}`)));
  await expect.poll(() => tap.err().match(/: completed: /g)?.length).toBe(200);
  await tap.stop();
  const notes = the(await itemsOf(path), 'connection').map(({ note }) => note);
  const ended = notes.filter(({ end }) => end === 'completed').map(({ connection }) => connection);
  expect(ended.toSorted((x, y) => x - y)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
});

test.each([
  [['--payload'], 'GET /\r\n', false],
  [['--payload=3'], 'GET', false],
  [['--payload', '--redact'], 'xxxxx\r\n', true],
] as const)('%j keeps %j of what went through', async (args, text, redacted) => {
  const path = join(scratch(), 'tap.trace');
  const tap = start(['--to', `127.0.0.1:${await echo()}`, '--trace', path, ...args]);
  await roundTrip(await tap.port(), 'GET /\r\n');
  await tap.stop();
  const payload = the(await itemsOf(path), 'payload').map((item) => item.payload);
  expect(
    payload.map(({ direction, bytes, ...rest }) => ({ direction, text: Buffer.from(bytes).toString(), ...rest })),
  ).toEqual([
    { connection: 1, direction: 'a -> b', offset: 0, text, redacted },
    { connection: 1, direction: 'b -> a', offset: 0, text, redacted },
  ]);
});

test('a terminal has one line of state that is written over, no wider than it is', async () => {
  const tap = start(['--to', `127.0.0.1:${await echo()}`], { isTTY: true, columns: 60 });
  const client = await open(await tap.port());
  client.write('hello');
  await heard(client, 'hello');
  await expect.poll(tap.err, { timeout: 10_000 }).toContain('#1 quiet for');
  await tap.stop();
  const states = tap
    .err()
    .split('\u001b[K')
    .flatMap((part) => part.split(/[\r\n]/))
    .filter((line) => / open, \d+ ended \| /.test(line));
  expect(states.at(0)).toBe('0 open, 0 ended | a -> b 0 B | b -> a 0 B');
  expect(states.some((line) => line.startsWith('1 open, 0 ended | a -> b 5 B | b -> a 5 B'))).toBe(true);
  expect(states.filter((line) => line.length > 59)).toEqual([]);
  expect(tap.err().endsWith('\n')).toBe(true);
});

test('--json gives events and a state every second, with who waits for whom', async () => {
  const origin = await echo();
  const tap = start(['--to', `127.0.0.1:${origin}`, '--json']);
  const port = await tap.port();
  const client = await open(port);
  client.write('hello');
  await heard(client, 'hello');
  const objects = (): Record<string, unknown>[] =>
    tap
      .out()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const quiet = (): unknown => objects().findLast(({ event }) => event === 'status')?.['quiet'];
  await expect.poll(quiet, { timeout: 10_000 }).toMatchObject([
    {
      connection: 1,
      b: `127.0.0.1:${origin}`,
      waits: [
        expect.stringMatching(/^a -> b waits for a to send, since \d/),
        expect.stringMatching(/^b -> a waits for b to send, since \d/),
      ],
    },
  ]);
  expect(objects()[0]).toEqual({
    schema: 1,
    event: 'listening',
    address: '127.0.0.1',
    port,
    to: `127.0.0.1:${origin}`,
    trace: null,
  });
  client.destroy();
  await tap.stop();
  expect(tap.err()).toBe('');
});

describe('what cannot work is one line and code 2', () => {
  test.each([
    ['no target', [], 'No target: expected --to HOST:PORT'],
    ['a target without a port', ['--to', 'host'], 'Wrong --to: expected HOST:PORT such as example.com:80, got "host"'],
    ['port 0', ['--to', 'host:0'], 'Wrong --to: expected a port from 1 to 65535'],
    ['a wrong address', ['--to', 'a:1', '--listen', '9000'], 'Wrong --listen: expected HOST:PORT'],
    ['a stray argument', ['--to', 'a:1', 'now'], 'Unexpected argument'],
    ['an unknown option', ['--to', 'a:1', '--fast'], "Unknown option '--fast'"],
    ['a wrong size', ['--to', 'a:1', '--trace', 'x', '--max-trace', 'big'], 'Wrong value of --max-trace'],
    [
      'a size too small',
      ['--to', 'a:1', '--trace', 'x', '--max-trace', '1k'],
      'expected a size of 65536 bytes or more',
    ],
    ['a bound without a trace', ['--to', 'a:1', '--max-trace', '1M'], 'A bound without a trace'],
    ['an empty path', ['--to', 'a:1', '--trace', ''], 'Wrong --trace'],
    ['a wrong payload', ['--to', 'a:1', '--payload=0'], 'Wrong value of --payload'],
    ['nothing to redact', ['--to', 'a:1', '--redact'], 'Nothing to redact: expected --payload too'],
    ['a wrong number', ['--to', 'a:1', '--max-connections', '0'], 'Wrong value of --max-connections'],
    ['an unknown dialect', ['--to', 'a:1', '--dialect', 'tokio'], 'Unknown dialect'],
    [
      'a folder that is missing',
      ['--to', 'a:1', '--listen', '127.0.0.1:0', '--trace', '/proc/no/t'],
      '[TRACE_UNWRITABLE]',
    ],
  ])('%s', async (_, args, message) => {
    const { code, out, err } = await run(args);
    expect({ code, out, lines: err.split('\n').filter((line) => !/^(Try: .*)?$/.test(line)) }).toEqual({
      code: 2,
      out: '',
      lines: [expect.stringContaining(message)],
    });
  });

  test('a port in use, and an earlier trace is left alone', async () => {
    const origin = await echo();
    const folder = scratch();
    writeFileSync(join(folder, 'earlier.trace'), 'kept');
    const args = ['--to', 'a:1', '--listen', `127.0.0.1:${origin}`, '--trace', join(folder, 'earlier.trace')];
    expect(await run(args)).toEqual({
      code: 2,
      out: '',
      err: `relayscope: Failed to listen on 127.0.0.1:${origin}: listen EADDRINUSE: address already in use 127.0.0.1:${origin} [TAP_LISTEN_FAILED]\n`,
    });
    expect(readdirSync(folder)).toEqual(['earlier.trace']);
    expect(readFileSync(join(folder, 'earlier.trace'), 'utf8')).toBe('kept');
  });
});

test('what is allowed but dangerous is warned of', async () => {
  const tap = start(['--to', 'a:1', '--listen', '0.0.0.0:0']);
  await tap.port();
  expect(tap.err()).toBe('relayscope: warning: Anyone who reaches 0.0.0.0 can use this relay\n');
});

describe('--faults', () => {
  test('a client gets what the plan lets through, and the trace says which fault it was', async () => {
    const folder = scratch();
    const [plan, trace] = [join(folder, 'plan.yaml'), join(folder, 'tap.trace')];
    writeFileSync(plan, 'faults:\n  - fault: close\n    side: a\n    when: { byte: 100 }\n');
    const body = 'x'.repeat(1000);
    const origin = createServer((_request, response) => response.end(body));
    origin.listen(0, '127.0.0.1');
    await once(origin, 'listening');
    closeLater(() => {
      origin.close();
    });
    // A TCP server that listens has an address of this form.
    const { port } = origin.address() as AddressInfo;
    const tap = start(['--to', `127.0.0.1:${port}`, '--trace', trace, '--faults', plan]);
    const answer = await fetchOnce(await tap.port());
    expect(answer.length).toBe(100);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
    await expect.poll(tap.err).toContain('#1 fault at a, write: close\n');
    expect(await tap.stop()).toBe(0);
    const items = await itemsOf(trace);
    expect(items).toContainEqual(expect.objectContaining({ kind: 'string', text: 'close' }));
  });

  test.each([
    ['faults:\n  - fault: closs\n', /plan:2: .*faults\[0\]\.fault.*"closs".*\[FAULT_PLAN_MALFORMED\]/],
    ['faults:\n  - fault: latency\n    ms: soon\n', /plan:3: .*faults\[0\]\.ms.*"soon"/],
    ['faults: {', /\[FAULT_PLAN_MALFORMED\]/],
    [null, /Cannot read the plan .*\[FAULT_PLAN_UNREADABLE\]/],
  ])('a plan of %j is one line and exit code 2', async (text, message) => {
    const plan = join(scratch(), 'plan');
    if (text !== null) writeFileSync(plan, text);
    const { code, err } = await run(['--listen', '127.0.0.1:0', '--to', '127.0.0.1:9', '--faults', plan]);
    expect(code).toBe(2);
    expect(err.split('\n')[0]).toMatch(message);
  });
});

/** Everything that comes for one request, up to the end. */
async function fetchOnce(port: number): Promise<string> {
  const client = await open(port);
  client.write('GET / HTTP/1.1\r\nHost: t.cn\r\nConnection: close\r\n\r\n');
  return (await readAll(client)).toString();
}
