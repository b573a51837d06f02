import { expect, onTestFinished, test } from 'vitest';
import { endGroup } from '../../../harness/bench/vitest-project.ts';
import { guardedProject, VITESTS } from './support/guarded-run.ts';

/** One who edits and saves: the stuck test is named, the run ends, and the next save runs it again. */

const text = (condition: string): string => `import { expect, test } from 'vitest';
test('turns', () => {
  let pos = 69;
  while (${condition}) pos = 69;
  expect(pos).toBe(69);
});
`;
const PATIENCE = { timeout: 30_000 };

test.each(VITESTS.flatMap((vitest) => ['forks', 'threads'].map((pool) => [vitest, pool] as const)))(
  'watch mode goes on after a stuck test: vitest %s, %s',
  async (vitest, pool) => {
    const project = guardedProject({
      vitest,
      files: {
        'edited.test.js': text('pos !== 68'),
        'other.test.js': `import { expect, test } from 'vitest';\ntest('other', () => { expect(1).toBe(1); });`,
      },
      config: { pool, testTimeout: 1000 },
    });
    const child = project.start(['watch', '--reporter=default']);
    onTestFinished(() => {
      endGroup(child);
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (more: string) => (output += more));
    const runs = async (count: number, says: RegExp): Promise<string> => {
      await expect.poll(() => output.match(/Duration/g)?.length ?? 0, PATIENCE).toBe(count);
      // What vitest has to say of the run may follow its last line.
      await expect.poll(() => output, PATIENCE).toMatch(new RegExp(`(?:Watching for|Waiting for)[^]*`.repeat(count)));
      const latest = output.split('RERUN')[count - 1] ?? '';
      expect(latest).toMatch(says);
      return latest;
    };
    const stuck = await runs(1, /1 failed \| 1 passed \(2\)/);
    expect(stuck).toMatch(/edited\.test\.js:[34]\b/);
    project.write('edited.test.js', text('pos !== 69'));
    expect(await runs(2, /Tests {2}1 passed/)).not.toMatch(/stuck/);
    project.write('edited.test.js', text('pos !== 67'));
    await runs(3, /StuckTestError/);
    project.write('edited.test.js', text('pos !== 69'));
    await runs(4, /Tests {2}1 passed/);
    expect(child.exitCode).toBeNull();
  },
);
