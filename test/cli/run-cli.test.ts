import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { COMMANDS } from '../../harness/cli/commands.ts';
import { runCli } from '../../harness/cli/run-cli.ts';
import { capturedIo } from './captured-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'relayscope-cli-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function cli(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { io, out, err } = capturedIo();
  const code = await runCli(args, io);
  return { code, out: out(), err: err() };
}

test('without a command it lists them all, and fails', async () => {
  const { code, err } = await cli();
  expect(code).toBe(2);
  for (const [name, load] of COMMANDS) {
    const { summary } = await load();
    expect(err).toMatch(new RegExp(`^  ${name} +${summary}$`, 'm'));
  }
});

test('--version is that of the package', async () => {
  expect(await cli('--version')).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string });
});

test.each([...COMMANDS.keys()])('%s --help says how it is used, with an example', async (name) => {
  const { code, out } = await cli(name, '--help');
  expect(code).toBe(0);
  expect(out).toContain(`Usage: relayscope ${name} `);
  expect(out).toContain('Example');
  expect(await cli('help', name)).toMatchObject({ code: 0, out });
});

test('a command is loaded without the others, which takes a fifth of a second', () => {
  const main = join(import.meta.dirname, '../../harness/cli/main.ts');
  const hooks = `
    import { registerHooks } from 'node:module';
    registerHooks({ load(url, context, next) { console.error('loaded', url); return next(url, context); } });`;
  const args = ['--import', `data:text/javascript,${encodeURIComponent(hooks)}`, main, 'inspect', '--help'];
  const { stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const commands = [...stderr.matchAll(/^loaded .*\/harness\/cli\/(\w+)\.ts$/gm)].map(([, file]) => file ?? '');
  expect(commands.filter((file) => COMMANDS.has(file))).toEqual(['inspect']);
});

test('what a message quotes does not act on the terminal', async () => {
  const { code, err } = await cli('export', 'x\u{1b}[2J\u{9b}31m\u{202e}y');
  expect(code).toBe(2);
  expect(err).toMatch(/^relayscope: Cannot read x\\x1b\[2J\\x9b31m\\u\{202e\}y: /);
});

test.each([
  ['an unknown command', ['run-away'], 'Unknown command: expected one of'],
  ['help on an unknown command', ['help', 'run-away'], 'Unknown command: expected one of'],
  ['a command that is a name of every object', ['constructor'], 'Unknown command: expected one of'],
  ['an unknown option', ['vectors', '--fast'], "Unknown option '--fast'"],
  ['an option without its value', ['vectors', '--dialect'], "'--dialect <value>' argument missing"],
  ['no file', ['vectors'], 'No file: expected one or more'],
  ['a stray argument', ['demo', 'now'], 'Unexpected argument'],
  ['a host that is an address', ['demo', '--host', '1.2'], 'Wrong --host'],
  ['a folder without a name', ['demo', '--traces', ''], 'Wrong --traces'],
  ['a host that is none', ['demo', '--host', 't.cn/\r\nX: y'], 'Wrong --host'],
  ['a host that is an option', ['demo', '--host', '-o'], '--host'],
])('%s is one line and exit code 2', async (_, args, message) => {
  const { code, err } = await cli(...args);
  expect(code).toBe(2);
  expect(err).toContain(message);
  expect(err.trimEnd().split('\n')).toHaveLength(2);
  expect(err).toMatch(/\[USAGE\]\nTry: relayscope .*--help\n$/);
});

test.each([
  ['a command', ['exlpore'], 'got "exlpore"; did you mean explore?'],
  ['an option', ['run', '--jnuit', 'x'], "Unknown option '--jnuit'; did you mean --junit?"],
])('%s that is misspelled is named', async (_, args, message) => {
  expect((await cli(...args)).err).toContain(message);
});

describe('vectors', () => {
  const good = '{"id":"x","a":{"read":[1,0]},"b":{"read":[0]},"outcome":"parked","polls":1,"calls":[]}\n';
  const fixture = join(import.meta.dirname, '../../fixtures/tokio/tokio-1.53.1.jsonl');

  function file(name: string, content: string | Uint8Array): string {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  }

  test('counts what passed', async () => {
    expect(await cli('vectors', fixture)).toEqual({ code: 0, out: '334 passed, 0 failed\n', err: '' });
  });

  test('names each run that failed, and the call', async () => {
    const { code, out } = await cli('vectors', '--dialect', 'tokio-1.9.0', fixture);
    expect(code).toBe(1);
    expect(out).toMatch(
      /tokio-1\.53\.1\.jsonl:1: seed-over-by-one: call 2: expected \["a","read",8192,68\], got \["a","read",2048,68\]/,
    );
    expect(out).toMatch(/^\d+ passed, \d+ failed$/m);
  });

  test('prints one JSON object', async () => {
    const { out } = await cli('vectors', '--json', fixture);
    expect(JSON.parse(out)).toEqual({ schema: 1, passed: 334, failed: 0, failures: [] });
  });

  test.each([
    ['nothing', 'tokio-1.9.8.jsonl', '', 'expected recorded calls, got an empty file'],
    ['no JSON', 'tokio-1.9.0.jsonl', `${good}{"id":`, ':2: Malformed vector: expected one JSON object'],
    ['null', 'tokio-1.9.1.jsonl', 'null\n', ':1: Malformed vector'],
    [
      'an entry that is none',
      'tokio-1.9.2.jsonl',
      good.replace('[1,0]', '[1,-1]'),
      'Malformed script at a.read[1]: expected a count',
    ],
    ['a word of another call', 'tokio-1.9.3.jsonl', good.replace('[1,0]', '["z"]'), 'Malformed script at a.read[0]'],
    ['a call that is none', 'tokio-1.9.4.jsonl', good.replace('"read":[1', '"reed":[1'), 'Malformed script at a.reed'],
    ['an outcome that is none', 'tokio-1.9.5.jsonl', good.replace('parked', 'asleep'), 'under "outcome"'],
    ['bytes that are no text', 'tokio-1.9.6.jsonl', new Uint8Array([0xff, 0xfe, 0x00]), ':1: Malformed vector'],
  ])('%s is one line that says where', async (_, name, content, message) => {
    const path = file(name, content);
    const { code, err } = await cli('vectors', path);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });

  test('a file that is not there, and a folder', async () => {
    const missing = await cli('vectors', join(folder, 'tokio-1.9.9.jsonl'));
    expect(missing).toMatchObject({ code: 2, err: expect.stringContaining('ENOENT') as string });
    const aFolder = await cli('vectors', '--dialect', 'checked', folder);
    expect(aFolder).toMatchObject({ code: 2, err: expect.stringContaining('got a folder') as string });
    const nameless = await cli('vectors', file('calls.jsonl', good));
    expect(nameless).toMatchObject({ code: 2, err: expect.stringContaining('or --dialect') as string });
  });

  test('a line without end is refused before it fills the memory', async () => {
    const path = file('tokio-1.10.0.jsonl', 'x'.repeat(17 * 1024 * 1024));
    expect(await cli('vectors', path)).toMatchObject({
      code: 2,
      err: expect.stringContaining('Line 1 is too long') as string,
    });
  });
});
