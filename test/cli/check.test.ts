import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkedObject } from '../../harness/cli/check-json.ts';
import { checkOptions } from '../../harness/cli/check-options.ts';
import { CheckProgress } from '../../harness/cli/check-progress.ts';
import { reproducedOf, testFileOf } from '../../harness/cli/check-reproduced.ts';
import { checkScreen } from '../../harness/cli/check-screen.ts';
import { runCli } from '../../harness/cli/run-cli.ts';
import type { BrokenStreamLaw } from '../../harness/check/check-report.ts';
import type { CheckRun } from '../../harness/check/worker/run-check.ts';
import type { StreamCase } from '../../harness/check/stream-case.ts';
import { capturedIo } from './captured-io.ts';

/** What needs no thread of its own; the command as a whole is in check.long.test.ts. */

const CASE: StreamCase = { inner: {}, steps: [{ kind: 'write', bytes: 1 }] };

describe('usage', () => {
  test.each([
    [[], 'Expected one module, such as ./my-adapter.ts, got 0'],
    [['a.ts', 'b.ts'], 'Expected one module, such as ./my-adapter.ts, got 2'],
    [['a.ts', '--inner', 'pipe'], 'Wrong value of --inner: expected poll, duplex, websocket, got "pipe"'],
    [['a.ts', '--law', 'count'], 'Wrong value of --law: expected one of counts, wakers'],
    [['a.ts', '--peer-export', 'b'], 'expected --peer FILE with --peer-export'],
    [['a.ts', '--timeout', '1'], 'Wrong value of --timeout: expected a whole number from 50 to 600000, got "1"'],
    [['a.ts', '--seed', 'x'], 'Wrong value of --seed'],
    [['a.ts', '--case', 'gone.json'], 'Cannot read the case gone.json'],
  ])('%j', async (args, says) => {
    const { io, out, err } = capturedIo();
    expect(await runCli(['check', ...args], io)).toBe(2);
    expect(out()).toBe('');
    expect(err()).toContain(says);
  });

  test('a reproduction that is saved imports the module from where it lies', async () => {
    const here = await checkOptions(['lib/adapter.ts']);
    expect(here.adapter).toMatchObject({ shown: 'lib/adapter.ts', name: 'default', specifier: './lib/adapter.ts' });
    const saved = await checkOptions(['lib/adapter.ts', '--peer', 'peer.js', '--save', 'test/unit/it.test.ts']);
    expect(saved.adapter.specifier).toBe('../../lib/adapter.ts');
    expect(saved.peer?.specifier).toBe('../../peer.js');
  });

  test('flags are what was said, and nothing else: what the module says is left alone', async () => {
    expect((await checkOptions(['a.ts'])).flags).toEqual({});
    const { flags } = await checkOptions([
      'a.ts',
      '--inner',
      'duplex',
      '--no-half-close',
      '--law',
      'end',
      '--law',
      'counts',
      '--seed',
      '0',
      '--runs',
      '5',
    ]);
    expect(flags).toEqual({ inner: 'duplex', carriesHalfClose: false, laws: ['end', 'counts'], seed: 0, runs: 5 });
  });
});

describe('a case from a file', () => {
  async function caseOf(text: string): Promise<StreamCase | undefined> {
    const folder = mkdtempSync(join(tmpdir(), 'relayscope-case-'));
    try {
      writeFileSync(join(folder, 'it.json'), text);
      return (await checkOptions(['a.ts', '--case', join(folder, 'it.json')])).flags.case;
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  test('every kind of step, and everything of the inner side', async () => {
    const whole: StreamCase = {
      inner: { capacityBytes: 1, chunkBytes: 2, pendingEvery: 3, wakesAtOnce: true, holds: true, chunks: false },
      steps: [
        { kind: 'write', bytes: 1, given: true },
        { kind: 'read', bytes: 2, chunk: true },
        { kind: 'flush' },
        { kind: 'shutdown' },
        { kind: 'poll', half: 'write', newWaker: true },
        { kind: 'far-write', bytes: 3 },
        { kind: 'far-end' },
        { kind: 'far-read', bytes: 4 },
        { kind: 'fail' },
        { kind: 'turn' },
      ],
      endsFirst: 'far',
    };
    expect(await caseOf(JSON.stringify(whole))).toEqual(whole);
  });

  test.each([
    ['{', 'Malformed case '],
    ['[]', 'expected an object with inner, steps, endsFirst, got []'],
    ['{ "inner": {}, "steps": 5 }', 'steps: expected a list of steps, got 5'],
    ['{ "inner": { "holds": 1 }, "steps": [] }', 'inner.holds: expected true or false, got 1'],
    [
      '{ "inner": {}, "steps": [{ "kind": "wait" }] }',
      'steps[0]: expected a step whose kind is one of write, read, flush',
    ],
    ['{ "inner": {}, "steps": [{ "kind": "toString" }] }', 'steps[0]: expected a step whose kind is one of'],
    [
      '{ "inner": {}, "steps": [{ "kind": "write", "bytes": 0 }] }',
      'steps[0].bytes: expected a whole number from 1 to',
    ],
    [
      '{ "inner": {}, "steps": [{ "kind": "flush", "bytes": 1 }] }',
      'steps[0]: expected an object with kind, got {"kind"',
    ],
  ])('%s', async (text, says) => {
    await expect(caseOf(text)).rejects.toMatchObject({
      code: 'CHECK_CASE_MALFORMED',
      message: expect.stringContaining(says) as string,
    });
  });
});

const BEGUN = {
  inner: 'websocket',
  own: { inner: 'websocket', peer: true, laws: ['counts', 'end'] },
  case: CASE,
} as const;

test('what got stuck is told as a test, with the options of the module as they were', async () => {
  const options = await checkOptions(['a.ts', '--peer', 'b.ts']);
  const ran: CheckRun = { kind: 'stuck', message: 'It is stuck', stack: null, begun: BEGUN };
  const [stuck] = reproducedOf(ran, options);
  expect(stuck?.case).toBe(CASE);
  expect(stuck?.test.split('\n')).toEqual([
    "import { expect, test } from 'vitest';",
    "import { checkStream } from 'relayscope/harness';",
    "import factory, { options } from './a.ts';",
    "import peer from './b.ts';",
    '',
    "test('stuck: It is stuck', async () => {",
    '  const report = await checkStream(factory, {',
    '    ...options,',
    '    peer,',
    "    case: { inner: {}, steps: [{ kind: 'write', bytes: 1 }] },",
    '  });',
    '  expect(report.broken.map(({ law, message }) => `${law}: ${message}`)).toEqual([]);',
    '});',
  ]);
});

test('before any case there is nothing to repeat', async () => {
  const ran: CheckRun = { kind: 'crashed', message: 'x', begun: { inner: null, own: null, case: null } };
  expect(reproducedOf(ran, await checkOptions(['a.ts']))).toEqual([]);
});

describe('several laws', () => {
  const broken: BrokenStreamLaw[] = (['counts', 'end'] as const).map((law) => ({
    law,
    message: `${law} went wrong`,
    case: CASE,
    shrunk: false,
    reproduction: `import it from './a.ts';\n\ntest('${law}', () => {\n  it();\n\n});`,
  }));
  const ran: CheckRun = {
    kind: 'done',
    begun: BEGUN,
    report: { broken: broken.slice(0, 2), passed: [], unjudged: [], notApplicable: [], seed: 3, runs: 40 },
  };

  test('are one file, with its imports once', async () => {
    const options = await checkOptions(['a.ts']);
    expect(testFileOf(reproducedOf(ran, options))).toBe(
      "import it from './a.ts';\n\ntest('counts', () => {\n  it();\n\n});\n\ntest('end', () => {\n  it();\n\n});\n",
    );
  });

  test('are each a line, and what was not made small is said once', async () => {
    const { io, out } = capturedIo();
    const options = { ...(await checkOptions(['a.ts'])), save: 'x.test.ts' };
    checkScreen(ran, reproducedOf(ran, options), options, io);
    expect(out().split('\n')).toEqual([
      'a.ts, on websocket, 40 cases, seed 3',
      '',
      '  counts        broken          counts went wrong',
      '  end           broken          end went wrong',
      '',
      'Not made small: fast-check is not installed (npm install --save-dev fast-check)',
      '',
    ]);
  });

  test('a law that cannot be asked is not applicable', async () => {
    const report = {
      broken: [],
      passed: ['counts'] as const,
      unjudged: [],
      notApplicable: [{ law: 're-entrancy', why: 'they answer by promises' }] as const,
      seed: 3,
      runs: 40,
    };
    const options = await checkOptions(['--law', 'counts', '--law', 're-entrancy', 'a.ts']);
    const done = { kind: 'done', begun: BEGUN, report } as const;
    expect(checkedObject(done, [], options)).toMatchObject({
      laws: [
        { law: 'counts', outcome: 'ok' },
        { law: 're-entrancy', outcome: 'not applicable' },
      ],
    });
  });

  test('a law that is neither kept nor broken is not judged', async () => {
    const report = {
      broken: [],
      passed: ['counts'] as const,
      unjudged: ['end'] as const,
      notApplicable: [],
      seed: 3,
      runs: 40,
    };
    const object = checkedObject({ kind: 'done', begun: BEGUN, report }, [], await checkOptions(['a.ts']));
    expect(object).toMatchObject({
      laws: [
        { law: 'counts', outcome: 'ok' },
        { law: 'end', outcome: 'not judged' },
      ],
    });
    const { io, out } = capturedIo();
    checkScreen({ kind: 'done', begun: BEGUN, report }, [], await checkOptions(['a.ts']), io);
    expect(out()).toContain('  end           not judged      what was seen may follow from what is broken\n');
  });
});

test('how many cases there were is said on a terminal alone, and taken away', () => {
  const [terminal, pipe] = [capturedIo({ isTTY: true }), capturedIo()];
  for (const { io } of [terminal, pipe]) {
    const progress = new CheckProgress(io.stderr);
    for (let count = 1; count <= 260; count += 1) progress.at(count);
    progress.clear();
  }
  expect(terminal.err()).toBe('\r\u{1b}[K200 cases\r\u{1b}[K250 cases\r\u{1b}[K');
  expect(pipe.err()).toBe('');
});
