import { expect, test } from 'vitest';
import { startBurners } from '../../../harness/bench/burners.ts';
import { guardedProject, vitestRun, type GuardedRun } from './support/guarded-run.ts';

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
