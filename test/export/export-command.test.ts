import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, expect, test } from 'vitest';
import { runCli } from '../../harness/cli/run-cli.ts';
import { runCopy } from '../../harness/sim/run-copy.ts';
import { ScriptedStream } from '../../harness/sim/scripted-stream.ts';
import { resolveDialect } from '../../src/copy/dialect.ts';
import { ndjsonToTrace } from '../../src/trace/file/trace-to-ndjson.ts';
import { toNdjson } from '../../src/trace/file/to-ndjson.ts';
import { readRing } from '../../src/trace/read-ring.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import { capturedIo } from '../cli/captured-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'relayscope-export-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { io, out, err } = capturedIo();
  const code = await runCli(['export', ...args], io);
  return { code, out: out(), err: err() };
}

/** The story as a file of each form. */
async function story(name: string): Promise<string> {
  const recorder = new Recorder({ clock: { nowMs: () => 0, after: () => () => undefined } });
  const a = new ScriptedStream('a', { read: [68, 'x'] }, []);
  const b = new ScriptedStream('b', { read: ['x'], write: [{ d: 1 }] }, []);
  runCopy(a, b, { dialect: resolveDialect('tokio-1.12.0'), recorder, limits: { idleIterations: 1000 } });
  const lines = [...toNdjson({ title: 'the story' }, readRing(recorder.buffer))].map((line) => Buffer.from(line));
  const file = join(folder, `${name}.trace`);
  writeFileSync(file, await buffer(ndjsonToTrace(lines)));
  return file;
}

test('there and back is byte for byte the same, and the names of the files are said', async () => {
  const file = await story('there');
  const twin = join(folder, 'there.ndjson');
  expect(await run(file)).toEqual({ code: 0, out: `${twin}\n`, err: '' });
  expect(readFileSync(twin, 'utf8')).toContain('"kind":"write","connection":1,');
  const back = join(folder, 'back.trace');
  expect(await run(twin, '--out', back)).toEqual({ code: 0, out: `${back}\n`, err: '' });
  expect(readFileSync(back).equals(readFileSync(file))).toBe(true);
});

test('NDJSON may go to the standard output', async () => {
  const { code, out } = await run(await story('out'), '--out', '-');
  expect(code).toBe(0);
  expect(out.split('\n').filter((line) => line.includes('"pos":69,"cap":68'))).toHaveLength(1);
});

test('a file that is there is kept unless told otherwise', async () => {
  const file = await story('kept');
  const twin = join(folder, 'kept.ndjson');
  writeFileSync(twin, 'mine');
  expect(await run(file)).toMatchObject({ code: 2, err: expect.stringContaining('is there already') as string });
  expect(readFileSync(twin, 'utf8')).toBe('mine');
  expect((await run(file, '--force')).code).toBe(0);
  expect(readFileSync(twin, 'utf8')).toContain('the story');
});

test('of a file that is cut the rest is left out, and said', async () => {
  const file = await story('cut');
  writeFileSync(file, readFileSync(file).subarray(0, -20));
  const { code, err } = await run(file);
  expect(code).toBe(0);
  expect(err).toMatch(/^relayscope: warning: .*cut\.trace: .*\n$/);
});

test.each([
  ['no file', [], 'No file'],
  ['two files', ['a', 'b'], 'one file'],
  ['a form that is none', ['{trace}', '--to', 'xml'], 'expected ndjson, trace or pcapng'],
  ['a place without a name', ['{trace}', '--out', ''], 'Wrong --out: expected a file'],
  ['the form that it has', ['{trace}', '--to', 'trace'], 'is a .trace already'],
  ['binary on the screen', ['{ndjson}', '--out', '-'], 'A .trace is no text'],
  ['a file that is not there', ['{missing}'], 'TRACE_UNREADABLE'],
  ['a folder', ['{folder}'], 'TRACE_UNREADABLE'],
  ['no trace at all', ['{junk}'], 'TRACE_MALFORMED'],
  ['a capture', ['{capture}'], 'printed lines), got a packet capture (pcap) [TRACE_MALFORMED]'],
  ['the standard input', ['-'], 'expected the name of one, got the standard input'],
  ['a place that is none', ['{trace}', '--out', '/dev/null/x'], 'TRACE_UNWRITABLE'],
])('%s is one line and exit code 2, and leaves nothing behind', async (_, args, message) => {
  const files: Record<string, string> = {
    '{trace}': await story('wrong'),
    '{ndjson}': join(folder, 'wrong-twin.ndjson'),
    '{missing}': join(folder, 'missing.trace'),
    '{folder}': folder,
    '{junk}': join(folder, 'junk.ndjson'),
    '{capture}': 'fixtures/captures/ws-ipv6.pcap',
  };
  writeFileSync(files['{ndjson}'] ?? '', '{"relayscope":"trace","version":1}\n');
  writeFileSync(files['{junk}'] ?? '', 'no trace at all\n');
  const before = readdirSync(folder);
  const { code, out, err } = await run(...args.map((arg) => files[arg] ?? arg));
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err.split('\n')[0]).toContain(message);
  expect(readdirSync(folder)).toEqual(before);
  expect(existsSync(join(folder, 'wrong.ndjson'))).toBe(false);
});
