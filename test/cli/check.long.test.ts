import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runCli } from '../../harness/cli/run-cli.ts';
import { STREAM_LAWS } from '../../harness/check/stream-law.ts';
import { capturedIo } from './captured-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'relayscope-check-command-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A stream that passes everything on, with its `pollWrite` as given. */
function adapter(pollWrite = 'inner.pollWrite(cx, bytes, start, end, given)'): string {
  return `(inner) => ({
  pollRead: (...args) => inner.pollRead(...args),
  pollWrite(cx, bytes, start, end, given) { return ${pollWrite}; },
  pollFlush: (cx) => inner.pollFlush(cx),
  pollShutdown: (cx) => inner.pollShutdown(cx),
})`;
}

/** PENDING as a literal: a module of somebody who has nothing of ours in it. */
const COUNTING = adapter('((n) => (n === -0x40000000 ? n : n + 1))(inner.pollWrite(cx, bytes, start, end, given))');

function module(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function check(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { io, out, err } = capturedIo();
  const code = await runCli(['check', ...args], io);
  // How many fixed cases there are beside the others is for the check to say.
  return { code, out: out().replace(/, [\d,]+ cases, /, ', … cases, '), err: err() };
}

const right = module('right.js', `export default ${adapter()};`);
const counting = module('counting.js', `export default ${COUNTING};`);

describe('a stream that keeps its contract', () => {
  test('has every law by name, and exit code 0', async () => {
    const { code, out, err } = await check(right, '--runs', '50');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.split('\n')).toEqual([
      `${right}, on poll, … cases, seed 1`,
      '',
      ...STREAM_LAWS.map((law) => `  ${law.padEnd(14)}ok`),
      '',
    ]);
  });

  test('as an export by name, of TypeScript, with options of its own that flags override', async () => {
    const file = module(
      'typed.ts',
      `type Poll = (...args: unknown[]) => number;
       type Polled = { pollRead: Poll; pollWrite: Poll; pollFlush: Poll; pollShutdown: Poll };
       export const named = (inner: Polled): Polled => ({
         pollRead: (...args) => inner.pollRead(...args),
         pollWrite: (...args) => inner.pollWrite(...args),
         pollFlush: (cx) => inner.pollFlush(cx),
         pollShutdown: (cx) => inner.pollShutdown(cx),
       });
       export const options = { runs: 30, seed: 7, laws: ['counts', 'end'] } as const;`,
    );
    const { code, out } = await check(file, '--export', 'named', '--seed', '8');
    expect(code).toBe(0);
    expect(out).toBe(`${file}, named, on poll, … cases, seed 8\n\n  counts        ok\n  end           ok\n`);
  });
});

describe('a stream that breaks a law', () => {
  test('has that law alone named, its smallest case as a test that can be pasted, and exit code 1', async () => {
    const { code, out } = await check(counting, '--law', 'counts', '--runs', '50');
    expect(code).toBe(1);
    const specifier = relative(process.cwd(), counting);
    expect(out.split('\n')).toEqual([
      `${counting}, on poll, … cases, seed 1`,
      '',
      '  counts        broken          pollWrite returned 2: expected PENDING or an integer in 1..1',
      '',
      "import { expect, test } from 'vitest';",
      "import { checkStream } from 'relayscope/harness';",
      `import factory from '${specifier}';`,
      '',
      "test('counts: pollWrite returned 2: expected PENDING or an integer in 1..1', async () => {",
      '  const report = await checkStream(factory, {',
      "    case: { inner: {}, steps: [{ kind: 'write', bytes: 1 }] },",
      '  });',
      '  expect(report.broken.map(({ law, message }) => `${law}: ${message}`)).toEqual([]);',
      '});',
      '',
    ]);
  });

  test('is saved as a test that imports the module from where it lies, and nothing is overwritten', async () => {
    const saved = join(folder, 'deep', 'counts.test.ts');
    const first = await check(counting, '--law', 'counts', '--runs', '20', '--save', saved);
    expect(first.code).toBe(1);
    expect(first.out).toContain(`\nWrote ${saved}\n`);
    // It stands in the file.
    expect(first.out).not.toContain('checkStream(');
    expect(readFileSync(saved, 'utf8')).toContain("import factory from '../counting.js';\n\ntest('counts: ");
    writeFileSync(saved, 'mine');
    const second = await check(counting, '--law', 'counts', '--runs', '20', '--save', saved);
    expect(second.code).toBe(2);
    expect(second.err).toContain('it is there already, and --force is not given [CHECK_UNWRITABLE]');
    // Before the run.
    expect(second.out).toBe('');
    expect(readFileSync(saved, 'utf8')).toBe('mine');
    await check(counting, '--law', 'counts', '--runs', '20', '--save', saved, '--force');
    expect(readFileSync(saved, 'utf8')).toContain('checkStream(factory');
  });

  test('is saved as a case, which alone is run again', async () => {
    const saved = join(folder, 'counts.json');
    await check(counting, '--law', 'counts', '--runs', '20', '--save', saved);
    expect(JSON.parse(readFileSync(saved, 'utf8'))).toEqual({ inner: {}, steps: [{ kind: 'write', bytes: 1 }] });
    const again = await check(counting, '--case', saved);
    expect(again.code).toBe(1);
    expect(again.out.split('\n')[0]).toBe(`${counting}, on poll, one case`);
    expect(again.out).toContain('  counts        broken');
    expect((await check(right, '--case', saved)).code).toBe(0);
  });

  test('as JSON', async () => {
    const { code, out } = await check(counting, '--law', 'counts', '--law', 'end', '--runs', '20', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      schema: 1,
      module: counting,
      export: 'default',
      inner: 'poll',
      seed: 1,
      laws: [
        { law: 'counts', outcome: 'broken' },
        { law: 'end', outcome: 'ok' },
      ],
      broken: [{ law: 'counts', shrunk: true, case: { inner: {}, steps: [{ kind: 'write', bytes: 1 }] } }],
      stuck: null,
      crashed: null,
    });
  });
});

test('a stream that frames its bytes is looked at through a peer, a module of its own', async () => {
  // Every byte goes as itself and 1, so that bare bytes at the far end are no longer those that were sent.
  const flipped = (name: string): string =>
    module(
      name,
      `export const flip = (inner) => ({
  pollRead(cx, bytes, start, end) {
    const n = inner.pollRead(cx, bytes, start, end);
    for (let at = start; n > 0 && at < start + n; at += 1) bytes[at] ^= 1;
    return n;
  },
  pollWrite: (cx, bytes, start, end) =>
    inner.pollWrite(cx, Uint8Array.from(bytes.subarray(start, end), (byte) => byte ^ 1), 0, end - start, false),
  pollFlush: (cx) => inner.pollFlush(cx),
  pollShutdown: (cx) => inner.pollShutdown(cx),
});`,
    );
  const [near, far] = [flipped('near.js'), flipped('far.js')];
  const bare = await check(near, '--export', 'flip', '--runs', '20');
  expect(bare.code).toBe(1);
  expect(bare.out).toMatch(/^ {2}conservation {2}broken/m);
  const framed = await check(near, '--export', 'flip', '--peer', far, '--peer-export', 'flip', '--runs', '20');
  expect({ code: framed.code, out: framed.out }).toMatchObject({ code: 0 });
});

describe('what gets stuck', () => {
  test('in a loop is told with its stack and its locals, and the case, with exit code 3', async () => {
    const loop = `(() => {
      let pos = start;
      while (pos < end) pos += Math.max(0, inner.pollWrite(cx, bytes, pos, end, false));
      return end - start;
    })()`;
    const spins = module('spins.js', `export default ${adapter(loop)};`);
    const saved = join(folder, 'stuck.json');
    const { code, out } = await check(spins, '--timeout', '300', '--save', saved);
    expect(code).toBe(3);
    expect(out).toMatch(/^ {2}stuck {5}.* \(spins\.js:\d+\) has not let the event loop turn for 300 ms$/m);
    expect(out).toMatch(/^The stack of worker \d+/m);
    expect(out).toMatch(/pos = \d+/);
    expect(JSON.parse(readFileSync(saved, 'utf8'))).toHaveProperty('steps');
  });

  test('while it is loaded', async () => {
    const { code, out } = await check(module('loads.mjs', 'for (;;) {}'), '--timeout', '300', '--json');
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({ inner: null, laws: [], broken: [], stuck: { case: null } });
  });

  test('by waiting for what never comes', async () => {
    const { code, out } = await check(module('waits.mjs', 'await new Promise(() => undefined);'), '--timeout', '60');
    expect({ code, out }).toMatchObject({ code: 3 });
    expect(out).toContain('stuck     The module was not loaded within 300 ms');
  });
});

test('what is thrown outside any call is told with the case, and exit code 1', async () => {
  const late = "(Promise.reject(new Error('too late')), inner.pollWrite(cx, bytes, start, end, given))";
  const { code, out } = await check(module('late.js', `export default ${adapter(late)};`));
  expect(code).toBe(1);
  expect(out).toContain('crashed   Something was thrown outside any call of the stream: Error: too late');
  expect(out).toContain("test('crashed: ");
});

test('what the module prints is no part of what the command says', async () => {
  const { out, err } = await check(
    module('loud.js', `console.log('Hello from it'); export default ${adapter()};`),
    '--runs',
    '5',
  );
  expect(out).not.toContain('Hello');
  expect(err).toContain('Hello from it\n');
});

test('a check that is ended says nothing', async () => {
  const stop = new AbortController();
  const { io, out } = capturedIo({ signal: stop.signal });
  const ended = runCli(['check', right, '--runs', '1000000'], io);
  stop.abort();
  expect(await ended).toBe(0);
  expect(out()).toBe('');
});

describe('what cannot be checked is one line, and exit code 2', () => {
  const cases: readonly [what: string, text: string | null, says: RegExp][] = [
    [
      'missing.js',
      null,
      /^relayscope: Cannot load \S+missing\.js: there is no such file \[CHECK_MODULE_UNREADABLE\]\n$/,
    ],
    ['needs.js', "import './gone.js';", /Cannot load \S+needs\.js: Cannot find module '\S+gone\.js' imported from/],
    ['broken.js', 'export default = 5;', /Cannot load \S+broken\.js: SyntaxError: Unexpected token '='/],
    ['throws.js', "throw new Error('no');", /Cannot load \S+throws\.js: Error: no \[/],
    [
      'enum.ts',
      'enum A { B }\nexport default A;',
      /TypeScript enum is not supported.*Node strips the types of a \.ts file/,
    ],
    [
      'five.js',
      'export default 5; export const it = () => 1;',
      /expected a default export that is a function.*got 5; it exports it \(--export NAME\) \[CHECK_MODULE_INVALID\]/,
    ],
    ['nothing.js', 'export {};', /expected a default export that is a function and makes the stream, got nothing \[/],
    ['no-stream.js', 'export default () => 5;', /got 5 \[CHECK_NOT_A_STREAM\]/],
    [
      'options.js',
      `export default ${adapter()}; export const options = { rums: 5 };`,
      /options: expected inner, peer.*got 'rums' \[CHECK_MODULE_INVALID\]/,
    ],
    ['kind.js', `export default ${adapter()}; export const options = { inner: 'pipe' };`, /\[CHECK_OPTION_INVALID\]/],
  ];

  test.each(cases)('%s', async (name, text, says) => {
    const path = text === null ? join(folder, name) : module(name, text);
    const { code, out, err } = await check(path);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(says);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });
});
