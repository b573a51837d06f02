import { describe, expect, test } from 'vitest';
import { failureOf, guardedProject, VITESTS, vitestRun } from './support/guarded-run.ts';
import { STUCK_FILES } from './support/stuck-files.ts';

/**
 * A user's own project, and the real vitest in a process of its own: the second of three files gets stuck, in every way that
 * we know. Without the guard vitest hangs for ever, and does not say which test.
 */

const LIMIT_MS = 1000;
const HONEST = `import { expect, test } from 'vitest';
test('one', () => { expect(1).toBe(1); });
test('two', () => { expect(2).toBe(2); });
`;
const files = (stuck: string): Record<string, string> => ({
  'before.test.js': HONEST,
  'stuck.test.js': stuck,
  'then.test.js': HONEST,
});
const config = { testTimeout: LIMIT_MS, hookTimeout: LIMIT_MS };
const env = { RELAYSCOPE_GUARD_COLLECT_LIMIT_MS: String(LIMIT_MS) };
const HONEST_STATUSES = {
  'before.test.js: one': 'passed',
  'before.test.js: two': 'passed',
  'then.test.js: one': 'passed',
  'then.test.js: two': 'passed',
};

describe.each(VITESTS)('vitest %s', (vitest) => {
  describe.each(['forks', 'threads'])('in %s', (pool) => {
    test('a stuck test hangs the run, without the guard', async () => {
      const spins = STUCK_FILES['a synchronous loop']?.text ?? '';
      const project = guardedProject({ files: files(spins), vitest, guard: null, config: { ...config, pool } });
      const run = await vitestRun(project, { timeoutMs: LIMIT_MS * 6 });
      expect(run.code).toBe('SIGKILL');
      expect(run.output).not.toContain('spins');
    });

    test.each(Object.entries(STUCK_FILES))('%s is named and ended, and the other files go on', async (_name, stuck) => {
      const project = guardedProject({ files: files(stuck.text), vitest, config: { ...config, pool } });
      const run = await vitestRun(project, { env });
      expect({ code: run.code, output: run.output }).toMatchObject({ code: 1 });
      const { title } = stuck;
      const others = Object.entries(stuck.others).map(([name, status]) => [`stuck.test.js: ${name}`, status] as const);
      expect(run.statuses).toEqual({
        ...HONEST_STATUSES,
        ...Object.fromEntries(others),
        ...(title === null ? {} : { [`stuck.test.js: ${title}`]: 'failed' }),
      });
      const file = run.json?.testResults.find(({ name }) => name.endsWith('stuck.test.js'));
      const failure = title === null ? (file?.message ?? '') : failureOf(run, title);
      for (const words of stuck.says) {
        expect(run.output, 'the terminal').toMatch(words);
        expect(failure, 'the JSON report').toMatch(words);
        expect(run.junit, 'the JUnit report').toMatch(words);
      }
      expect(run.output).toMatch(title === null ? /stuck\.test\.js/ : new RegExp(title.split(' ').join('.*')));
    });
  });
});
