import { expect, test } from 'vitest';
import { startBurners } from '../../../harness/bench/burners.ts';
import { guardedProject, VITESTS, vitestRun, type GuardedRun } from './support/guarded-run.ts';

/** What keeps an event loop from turning, or looks like it, and is no hang: the run passes, and the guard is not heard of. */

const LIMIT_MS = 500;
const IMPORTS = `import { expect, test, vi } from 'vitest';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
const later = globalThis.setTimeout;
const wait = (ms) => new Promise((resolve) => { later(resolve, ms); });
const work = (ms) => { const end = process.hrtime.bigint() + BigInt(ms) * 1000000n; while (process.hrtime.bigint() < end); };
`;
const BURNERS = 6;

/** The limit is far below vitest's time-out, so that a false alarm has every chance. */
function runOf(text: string, pool = 'forks', config: object = {}): Promise<GuardedRun> {
  const project = guardedProject({
    files: {
      'honest.test.js': IMPORTS + text,
      'other.test.js': `${IMPORTS}test('other', () => { expect(1).toBe(1); });`,
    },
    config: { pool, testTimeout: 60_000, ...config },
  });
  return vitestRun(project, { env: { RELAYSCOPE_GUARD_LIMIT_MS: String(LIMIT_MS) }, timeoutMs: 90_000 });
}

/** What the guard has said, and the exit code with all that was written if that is not 0. */
function said({ code, output }: GuardedRun): readonly string[] {
  const lines = output.split('\n').filter((line) => /relayscope:|[Ss]tuck/.test(line));
  return code === 0 ? lines : [String(code), output, ...lines];
}

const HONEST: readonly (readonly [string, string])[] = [
  [
    'timers that are faked for longer than the limit',
    `test('fakes', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'setImmediate', 'Date', 'performance', 'queueMicrotask'] });
  await wait(${LIMIT_MS * 4});
  vi.setSystemTime(new Date(2000, 1, 1));
  vi.advanceTimersByTime(100_000);
  await wait(${LIMIT_MS * 2});
  vi.useRealTimers();
  expect(1).toBe(1);
});`,
  ],
  [
    'a worker that is suspended for longer than the limit, and resumed',
    `test('stops', async () => {
  const program = 'process.kill(process.ppid, "SIGSTOP"); setTimeout(() => process.kill(process.ppid, "SIGCONT"), ${LIMIT_MS * 4})';
  for (let times = 0; times < 2; times += 1) {
    const [code] = await once(spawn(process.execPath, ['-e', program], { stdio: 'ignore' }), 'exit');
    expect(code).toBe(0);
    await wait(300);
  }
});`,
  ],
  [
    'work that takes less than the limit, over and over',
    `test('works', async () => {
  for (let times = 0; times < 6; times += 1) { work(${LIMIT_MS / 2}); await wait(0); }
  expect(1).toBe(1);
});`,
  ],
  [
    'a test that only waits, and timers that follow one another',
    `test('waits', async () => {
  let turns = 0;
  const end = performance.now() + ${LIMIT_MS * 3};
  while (performance.now() < end) { turns += 1; await new Promise((resolve) => { setImmediate(resolve); }); }
  await wait(${LIMIT_MS * 2});
  expect(turns).toBeGreaterThan(1);
});`,
  ],
];

test.each(HONEST.flatMap(([name, text]) => ['forks', 'threads'].map((pool) => [name, pool, text] as const)))(
  'no false alarm: %s, in %s',
  async (_name, pool, text) => {
    expect(said(await runOf(text, pool))).toEqual([]);
  },
);

test('no false alarm: a machine that is busy with something else', async () => {
  const text = `test.each(Array.from({ length: 40 }, (_, index) => index))('turns %i', async () => {
  for (let turns = 0; turns < 20; turns += 1) await wait(10);
  expect(1).toBe(1);
});`;
  const stop = startBurners(BURNERS);
  try {
    expect(said(await runOf(text))).toEqual([]);
  } finally {
    stop();
  }
});

test('the limit is that of the test itself: what may take longer is left alone', async () => {
  const project = guardedProject({
    files: { 'honest.test.js': `${IMPORTS}test('works', () => { work(2500); expect(1).toBe(1); }, 20_000);` },
    config: { testTimeout: 1000 },
  });
  expect(said(await vitestRun(project))).toEqual([]);
});

/** Each does for longer than the time-outs of the configuration what its own lets it do. */
const OF_THEIR_OWN: Readonly<Record<string, string>> = {
  'a hook before all, at once': `beforeAll(() => { work(2500); }, 20_000);`,
  'a hook before all, later': `beforeAll(async () => { await wait(20); work(2500); }, 20_000);`,
  'a hook before all without a time-out': `beforeAll(async () => { await wait(20); work(2500); }, 0);`,
  'a hook before each, in a suite': `describe('suite', () => { beforeEach(async () => { await wait(20); work(2500); }, 20_000); test('one', () => { expect(1).toBe(1); }); });`,
  'a hook after all, at once': `afterAll(() => { work(2500); }, 20_000);`,
  'a hook around each': `aroundEach(async (run) => { work(2500); await run(); }, 20_000);`,
  'a handler for the end': `test('one', () => { onTestFinished(() => { work(2500); }, 20_000); expect(1).toBe(1); });`,
  'a file that sets its time-outs': `vi.setConfig({ hookTimeout: 20_000, testTimeout: 20_000 }); beforeEach(async () => { await wait(20); work(2500); });`,
  'a test without a time-out': `test('one', { timeout: 0 }, () => { work(2500); expect(1).toBe(1); });`,
  'native code in a test with a time-out of its own': `test('one', { timeout: 60_000 }, () => { pbkdf2Sync('a', 'b', 4_000_000, 64, 'sha512'); expect(1).toBe(1); });`,
};

test.each(VITESTS)('the limit is that of the hook, handler or test itself: vitest %s', async (vitest) => {
  const imports = `import { afterAll, afterEach, aroundEach, beforeAll, beforeEach, describe, onTestFinished } from 'vitest';
import { pbkdf2Sync } from 'node:crypto';
${IMPORTS}test('other', () => { expect(1).toBe(1); });
`;
  const files = Object.entries(OF_THEIR_OWN).map(([name, text]) => [
    `${name.replaceAll(/\W+/g, '-')}.test.js`,
    imports + text,
  ]);
  const config = { testTimeout: 1000, hookTimeout: 1000, maxWorkers: 2 };
  const project = guardedProject({ files: Object.fromEntries(files) as Record<string, string>, vitest, config });
  expect(said(await vitestRun(project, { timeoutMs: 120_000 }))).toEqual([]);
});

test('vitest 4 lets a benchmark go round in microtasks for as long as it was told to', async () => {
  const text = `import { bench } from 'vitest';\nbench('adds', () => { let sum = 0; for (let count = 0; count < 1e6; count += 1) sum += count; return sum; }, { time: 2500 });`;
  const project = guardedProject({ files: { 'adds.bench.js': text }, vitest: '4.1', config: { hookTimeout: 500 } });
  const env = { RELAYSCOPE_GUARD_COLLECT_LIMIT_MS: '500' };
  const { code, output } = await project.run(['bench', '--run'], { timeoutMs: 60_000, env });
  expect({ code, output }).toMatchObject({ code: 0 });
  expect(output).not.toMatch(/relayscope:/);
});

test('work beyond the limit fails, as it would without the guard, and is named with its line', async () => {
  const files = {
    'works.test.js': `${IMPORTS}test('works', () => {\n  work(6000);\n  expect(1).toBe(1);\n});\ntest('after', () => { expect(1).toBe(1); });`,
  };
  const without = await vitestRun(guardedProject({ files, guard: null, config: { testTimeout: 1000 } }));
  expect([without.code, without.statuses['works.test.js: works']]).toEqual([1, 'failed']);
  const run = await vitestRun(guardedProject({ files, config: { testTimeout: 1000 } }));
  expect([run.code, run.statuses['works.test.js: works']]).toEqual([1, 'failed']);
  expect(run.output).toMatch(/works\.test\.js:6\b/);
});

test.each(['forks', 'threads'])(
  'a system call that blocks is told as what it is, and may return: in %s',
  async (pool) => {
    const text = `test('calls', () => { execFileSync('sleep', ['3']); expect(1).toBe(1); });\ntest('after', () => { expect(1).toBe(1); });`;
    const run = await runOf(text, pool);
    expect({ code: run.code, output: run.output }).toMatchObject({ code: 0 });
    expect(run.statuses).toEqual({
      'honest.test.js: calls': 'passed',
      'honest.test.js: after': 'passed',
      'other.test.js: other': 'passed',
    });
    expect(run.output).toMatch(/relayscope: blocked[^]*honest\.test\.js[^]*calls[^]*system call/);
  },
);

test.each(['forks', 'threads'])('vitest’s own search for leaks finds nothing of the guard, in %s', async (pool) => {
  const text = `test('is empty', async () => { await wait(200); expect(1).toBe(1); });`;
  const run = await runOf(text, pool, { detectAsyncLeaks: true });
  expect(said(run)).toEqual([]);
  expect(run.output).not.toMatch(/leak/i);
});
