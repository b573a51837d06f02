import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildPackage } from '../../../harness/bench/build-package.ts';
import { failureOf, guardedProject, VITESTS, vitestRun } from './support/guarded-run.ts';

/** The same guard out of the built package, in other releases of Node, and under other settings of vitest. */

const SPINS = `import { expect, test } from 'vitest';
test('before', () => { expect(1).toBe(1); });
test('spins', () => {
  let pos = 69;
  const cap = 68;
  while (pos !== cap) pos = 69;
});
test('after', () => { expect(1).toBe(1); });
`;
const HONEST = `import { expect, test } from 'vitest';\ntest('honest', () => { expect(1).toBe(1); });\n`;
const FILES = { 'honest.test.js': HONEST, 'spins.test.js': SPINS, 'then.test.js': HONEST };
const STATUSES = {
  'honest.test.js: honest': 'passed',
  'spins.test.js: before': 'passed',
  'spins.test.js: spins': 'failed',
  'spins.test.js: after': 'skipped',
  'then.test.js: honest': 'passed',
};
const LOOP = /spins\.test\.js:6\b/;

describe('the built package, by its door', () => {
  let built: ReturnType<typeof buildPackage>;
  beforeAll(() => {
    built = buildPackage();
  }, 120_000);
  afterAll(() => {
    built.remove();
  });

  test.each(VITESTS.flatMap((vitest) => ['forks', 'threads'].map((pool) => [vitest, pool] as const)))(
    'vitest %s, %s',
    async (vitest, pool) => {
      const config = { pool, testTimeout: 1000 };
      const project = guardedProject({
        files: FILES,
        vitest,
        guard: 'relayscope/vitest/guard',
        dist: built.dist,
        config,
      });
      const run = await vitestRun(project);
      expect({ code: run.code, output: run.output }).toMatchObject({ code: 1 });
      expect(run.statuses).toEqual(STATUSES);
      expect(run.output).toMatch(LOOP);
      expect(failureOf(run, 'spins')).toMatch(/pos\W+69/);
    },
  );
});

describe.each([22, 24])('Node %i', (major) => {
  let node = '';
  beforeAll(() => {
    // npm's scripts have a Node of their own first: this one is asked for by its path.
    const args = ['-y', '-p', `node@${major}`, 'node', '-p', 'process.execPath'];
    node = execFileSync('npx', args, { encoding: 'utf8' }).trim();
  }, 300_000);

  test.each(VITESTS.flatMap((vitest) => ['forks', 'threads'].map((pool) => [vitest, pool] as const)))(
    'vitest %s, %s',
    async (vitest, pool) => {
      const files = {
        ...FILES,
        'node.test.js': `import { expect, test } from 'vitest';\ntest('Node', () => { expect(process.versions.node).toMatch(/^${major}\\./); });`,
      };
      const project = guardedProject({ files, vitest, config: { pool, testTimeout: 1000 } });
      const run = await vitestRun(project, { node });
      expect({ code: run.code, output: run.output }).toMatchObject({ code: 1 });
      expect(run.statuses).toEqual({ ...STATUSES, 'node.test.js: Node': 'passed' });
      expect(run.output).toMatch(LOOP);
      expect(failureOf(run, 'spins')).toMatch(/pos\W+69/);
    },
  );
});

test.each(VITESTS)('on GitHub it is one annotation, with the place of the loop: vitest %s', async (vitest) => {
  const project = guardedProject({ files: FILES, vitest, config: { testTimeout: 1000 } });
  const run = await project.run(['run'], { timeoutMs: 40_000, env: { GITHUB_ACTIONS: 'true' } });
  expect(run.code).toBe(1);
  const annotations = run.output.split('\n').filter((line) => line.startsWith('::'));
  expect(annotations).toEqual([expect.stringMatching(/^::error file=.*spins\.test\.js,.*spins,line=6\b.*pos = 69/)]);
});

test('what vitest cannot be told is annotated all the same', async () => {
  const text = FILES['spins.test.js'].replace("test('spins', () => {", '$& globalThis.__vitest_worker__ = null;');
  const project = guardedProject({ files: { 'spins.test.js': text }, config: { testTimeout: 1000 } });
  // A project may be a folder of its repository.
  const env = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: dirname(project.folder) };
  const run = await project.run(['run'], { timeoutMs: 40_000, env });
  expect(run.code).toBe(1);
  expect(run.output).toMatch(
    /^::error file=relayscope-vitest-\w+\/spins\.test\.js,line=6,title=Stuck%3A spins\.test\.js.*spins::/m,
  );
});

test.each(['forks', 'threads'])('with --bail=1 it is the test that ends the run: %s', async (pool) => {
  const config = { pool, testTimeout: 1000, maxWorkers: 1, fileParallelism: false };
  const spins = FILES['spins.test.js'];
  const run = await vitestRun(guardedProject({ files: { ...FILES, 'a.test.js': spins, 'b.test.js': spins }, config }), {
    args: ['--bail=1'],
  });
  expect(run.code).toBe(1);
  expect(Object.values(run.statuses).filter((status) => status === 'failed')).toHaveLength(1);
});

test.each(VITESTS)(
  'where a path has what is written otherwise in a URL, the loop is named all the same: vitest %s',
  async (vitest) => {
    const files = { 'a b%20c/ü (1).test.js': SPINS, 'sp%20z.test.js': SPINS };
    const run = await vitestRun(guardedProject({ files, vitest, config: { testTimeout: 1000 } }));
    expect(run.code).toBe(1);
    expect(run.output).toMatch(/A loop does not end in \(anonymous\) \(ü \(1\)\.test\.js:[67]\)/);
    expect(run.output).toMatch(/A loop does not end in \(anonymous\) \(sp%20z\.test\.js:[67]\)/);
    expect(run.output).toMatch(/stands in .* a b%20c\/ü \(1\)\.test\.js:[67]:/);
  },
);

test.each(['forks', 'threads'])(
  'without isolation one worker has all files, and those that are lost are told: %s',
  async (pool) => {
    const config = {
      pool,
      testTimeout: 1000,
      isolate: false,
      maxWorkers: 1,
      fileParallelism: false,
      sequence: { shuffle: false },
    };
    const run = await vitestRun(guardedProject({ files: FILES, config }));
    expect({ code: run.code, output: run.output }).toMatchObject({ code: 1 });
    expect(run.statuses).toMatchObject({ 'spins.test.js: before': 'passed', 'spins.test.js: spins': 'failed' });
    expect(run.output).toMatch(LOOP);
    // Each file has either been run, or is named as one that was not.
    const lost = ['honest.test.js', 'then.test.js'].filter((file) => run.statuses[`${file}: honest`] !== 'passed');
    expect(lost.filter((file) => !new RegExp(`not run[^]*${file}`).test(run.output))).toEqual([]);
  },
);

test('files that run beside the stuck one go on to their end', async () => {
  const waits = `import { expect, test } from 'vitest';\ntest('waits', async () => { await new Promise((resolve) => { setTimeout(resolve, 3000); }); expect(1).toBe(1); }, 10_000);`;
  const config = { testTimeout: 1000, maxWorkers: 3 };
  const run = await vitestRun(guardedProject({ files: { ...FILES, 'waits.test.js': waits }, config }));
  expect(run.code).toBe(1);
  expect(run.statuses).toEqual({ ...STATUSES, 'waits.test.js: waits': 'passed' });
});

test('a test that only waits is left to vitest, with what its copy waits for', async () => {
  const { OURS } = await import('./support/guarded-run.ts');
  const text = `import { test } from 'vitest';
import { copyBidirectional, memoryPair } from ${JSON.stringify(OURS)};
test('relays', async () => { await copyBidirectional(memoryPair()[0], memoryPair()[0]); });
test('waits', async () => { await new Promise(() => {}); });
`;
  const run = await vitestRun(guardedProject({ files: { 'waits.test.js': text }, config: { testTimeout: 600 } }));
  expect(run.code).toBe(1);
  expect(failureOf(run, 'relays')).toMatch(
    /timed out in 600ms[^]*a copy had not ended[^]*a -> b {2}0 bytes; its read half waits for a to send[^]*trace: /,
  );
  expect(run.output).toMatch(/a copy had not ended/);
  expect(run.junit).toMatch(/a copy had not ended/);
  expect(failureOf(run, 'waits')).toMatch(/timed out in 600ms/);
  expect(failureOf(run, 'waits')).not.toMatch(/copy/);
});
