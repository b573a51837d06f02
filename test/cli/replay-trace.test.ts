import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runCli } from '../../harness/cli/run-cli.ts';
import { saveTrace } from '../../src/trace/file/save-trace.ts';
import { recordRun } from '../replay/recorded-run.ts';
import { scenarioOf } from '../sim/scenario-of.ts';
import { capturedIo } from './captured-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'relayscope-replay-trace-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const GOLDEN = 'traces/golden/off-by-one.trace';

async function cli(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { io, out, err } = capturedIo();
  const code = await runCli(args, io);
  return { code, out: out(), err: err() };
}

test('a hang that is done again as it was recorded is what was expected', async () => {
  const { code, out } = await cli('replay', GOLDEN);
  expect(out).toContain('recorded    tokio-1.12.0: spinning a -> b (by its verdict)\n');
  expect(out).toContain('replayed    tokio-1.12.0: spinning a -> b, 1 poll\n');
  expect(out).toContain('steps       3 steps as recorded, to the end of the record\n');
  expect(out).toMatch(/\nIn its own dialect it does again what was recorded\.\n$/);
  expect(code).toBe(0);
});

test('all is a release of each family, and checked, in a table', async () => {
  const { code, out } = await cli('replay', GOLDEN, '--dialect', 'all');
  const rows = out.split('\n').filter((line) => /^(?:tokio-|checked)/.test(line));
  expect(rows.map((row) => row.split(/ {2,}/).slice(0, 3).join(', '))).toEqual([
    'tokio-0.2.0, 0.2 – 1.9, spinning a -> b',
    'tokio-1.10.0, 1.10 – 1.12, spinning a -> b',
    'tokio-1.13.0, 1.13, spinning a -> b',
    'tokio-1.14.0, 1.14 – 1.21, spinning a -> b',
    'tokio-1.22.0, 1.22 – 1.35, spinning a -> b',
    'tokio-1.36.0, 1.36 – 1.37, spinning a -> b',
    'tokio-1.38.0, 1.38, spinning a -> b',
    'tokio-1.39.0, 1.39 and later, parked',
    'checked, failed a -> b WRITE_COUNT_INVALID, 0',
  ]);
  expect(out).toContain('does again what was recorded. 7 of 9 dialects end as recorded (spinning).');
  expect(code).toBe(0);
});

test('a dialect that gets stuck where the record did not is exit 3, and --json says which', async () => {
  const b = { read: [{ received: 68 }, 302], write: [{ d: 1 }] };
  const { items } = recordRun(scenarioOf({ title: 'masked', a: { read: [68, { received: 302 }] }, b }), 'tokio-1.39.0');
  const path = join(folder, 'masked.trace');
  await saveTrace(path, items);
  const { code, out } = await cli('replay', path, '--json', '--dialect', 'tokio-1.39.0', '--dialect', 'tokio-1.12.0');
  expect(code).toBe(3);
  expect(JSON.parse(out)).toMatchObject({
    schema: 1,
    connection: 1,
    recorded: { dialect: 'tokio-1.39.0', outcome: 'completed', direction: null, code: null, by: 'events' },
    replays: [
      { dialect: 'tokio-1.39.0', outcome: 'completed', agrees: true, isStuck: false, departure: null },
      { dialect: 'tokio-1.12.0', releases: '1.10 – 1.12', outcome: 'spinning', agrees: false, isStuck: true },
    ],
  });
});

test('what is not done again in its own dialect is exit 1', async () => {
  const path = join(folder, 'wrong.ndjson');
  // A release would have read once more before it went round.
  const lines = [
    '{"relayscope":"trace","version":1,"dialect":"tokio-1.12.0"}',
    '{"kind":"poll","n":1}',
    '{"kind":"read","n":68,"offered":2048}',
    '{"kind":"read","n":68,"offered":2048}',
  ];
  writeFileSync(path, lines.join('\n'));
  const { code, out } = await cli('replay', path);
  expect(out).toContain('steps       1 step as recorded; then recorded "a -> b read room 2048, got 68" (seq 2)');
  expect(code).toBe(1);
});

test('a write whose read is missing gets its bytes all the same', async () => {
  const path = join(folder, 'gap.ndjson');
  const lines = [
    '{"relayscope":"trace","version":1,"dialect":"tokio-1.12.0"}',
    '{"kind":"poll","n":1}',
    '{"kind":"read","n":10,"offered":2048}',
    '{"seq":50,"kind":"write","cap":20,"n":20,"offered":20}',
    '{"kind":"loop","pos":20,"cap":20}',
    '{"kind":"read","pos":20,"cap":20,"n":0,"offered":2048}',
  ];
  writeFileSync(path, lines.join('\n'));
  const { out } = await cli('replay', path, '--json');
  expect(JSON.parse(out)).toMatchObject({ missing: 48, replays: [{ counts: { aToB: 30, bToA: 0 } }] });
});

test('--as-scenario writes a document that runs as expected, and is not overwritten', async () => {
  const path = join(folder, 'story.md');
  expect((await cli('replay', GOLDEN, '--as-scenario', path)).code).toBe(0);
  const text = readFileSync(path, 'utf8');
  expect(text).toContain('a: { read: [ { bytes: 68 }, { received: 1073741823 } ] }\n');
  expect(text).toContain('outcome: spinning\n');
  const run = await cli('run', path);
  expect(run.out).toContain('all as expected');
  expect(run.code).toBe(0);
  expect(await cli('replay', GOLDEN, '--as-scenario', path, '--dialect', 'checked')).toMatchObject({
    code: 2,
    err: expect.stringContaining('--force is not given [CAPSULE_UNWRITABLE]') as string,
  });
  expect(readFileSync(path, 'utf8')).toBe(text);
});

test('one document does not tell of two ends', async () => {
  const path = join(folder, 'two.md');
  const args = ['--dialect', 'tokio-1.12.0', '--dialect', 'checked', '--as-scenario', path];
  expect(await cli('replay', GOLDEN, ...args)).toMatchObject({
    code: 2,
    err: expect.stringContaining('both tokio-1.12.0 (spinning) and checked (failed)') as string,
  });
});

test.each([
  [['--flow', '1'], '--flow is for captures, and this is a trace'],
  [['--connection', '0'], 'Wrong value of --connection: expected a whole number from 1 to 2147483647, got "0"'],
  [['--connection', '9'], 'Nothing to replay: expected events of connection 9, got those of 1'],
  [['--dialect', 'tokio-9.9'], 'Unknown dialect'],
  [['--as-scenario', 'story.txt'], 'Not a document: expected a name that ends in .md'],
])('%j is refused in one line', async (args, message) => {
  const { code, err } = await cli('replay', GOLDEN, ...args);
  expect(err).toContain(message);
  expect(code).toBe(2);
});

test('printed lines come on the standard input as well', async () => {
  const { io, out } = capturedIo({ stdin: ['a -> b #4 pos=69 cap=68 read_done=false\n'] });
  expect(await runCli(['replay', '-', '--dialect', 'all'], io)).toBe(0);
  expect(out()).toContain('assumed     only the ends of iterations were printed');
  expect(out()).toContain(
    'Step by step as recorded: 0.2 – 1.9, 1.10 – 1.12, 1.13, 1.14 – 1.21, 1.22 – 1.35, 1.36 – 1.37, 1.38.',
  );
});

test('what only a trace has is refused for a capture', async () => {
  const { code, err } = await cli('replay', 'fixtures/captures/ws-dumpcap.pcapng', '--connection', '1');
  expect(err).toContain('--connection is for traces, and this is a capture');
  expect(code).toBe(2);
});
