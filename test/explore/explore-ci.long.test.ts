import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { exploreOptions } from '../../harness/cli/explore-options.ts';
import { runCli } from '../../harness/cli/run-cli.ts';
import { elementsOf, readXml } from '../ci/read-xml.ts';
import { capturedIo } from '../cli/captured-io.ts';

/** What a CI asks of `relayscope explore`: parts, a budget, reports. */
const folder = mkdtempSync(join(tmpdir(), 'relayscope-explore-ci-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Told {
  seed: number;
  from: number;
  runs: number;
  failedRuns: number;
  findings: { what: string; direction: string; run: number; count: number; path: string }[];
}

async function explore(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: number; out: string; err: string }> {
  const { io, out, err } = capturedIo({ env });
  const code = await runCli(['explore', '--workers', '1', ...args], io);
  return { code, out: out(), err: err() };
}

test('the parts of a campaign make its runs, each once, and their capsules do not collide', async () => {
  const args = ['--seed', '7', '--faults', 'swallow', '--from', '5', '--runs', '61', '--json', '--capsules'];
  const told = async (name: string, ...more: string[]): Promise<Told> =>
    JSON.parse((await explore([...args, join(folder, name), ...more])).out) as Told;
  const whole = await told('whole');
  const parts = [await told('parts', '--shard', '1/2'), await told('parts', '--shard', '2/2')];
  expect(parts.map(({ from, runs }) => [from, runs])).toEqual([
    [5, 30],
    [35, 31],
  ]);
  expect(whole.failedRuns).toBeGreaterThan(5);
  expect(parts.reduce((sum, { failedRuns }) => sum + failedRuns, 0)).toBe(whole.failedRuns);
  const paths = parts.flatMap(({ findings }) => findings.map(({ path }) => path));
  expect(new Set(paths).size).toBe(paths.length);
  expect(
    readdirSync(join(folder, 'parts'))
      .map((name) => join(folder, 'parts', name))
      .toSorted(),
  ).toEqual(paths.toSorted());
  const [first, again] = [whole.findings[0], parts[0]?.findings[0]];
  expect([again?.what, again?.direction, again?.run]).toEqual([first?.what, first?.direction, first?.run]);
});

test('more parts than runs: some have none', () => {
  const parts = [1, 2, 3].map((index) => exploreOptions(['--seed', '1', '--runs', '2', '--shard', `${index}/3`], {}));
  expect(parts.map(({ from, runs }) => [from, runs])).toEqual([
    [0, 0],
    [0, 1],
    [1, 1],
  ]);
});

/** Where a person waits, who can end it, it goes on as long as it was told to. */
test('in a CI a campaign has a budget unless it is switched off', () => {
  const budgetOf = (env: NodeJS.ProcessEnv, ...more: string[]): number =>
    exploreOptions(['--seed', '1', ...more], env).ci.budgetMs;
  expect([budgetOf({}), budgetOf({ CI: '1' }), budgetOf({ CI: '1' }, '--budget', 'off')]).toEqual([
    Infinity,
    1_800_000,
    Infinity,
  ]);
});

test('a campaign whose budget is used up says how far it came, and ends with 4', async () => {
  const junit = join(folder, 'budget.xml');
  const args = ['--seed', '1', '--runs', '1000000000', '--budget', '300ms', '--capsules', join(folder, 'none')];
  const { code, out } = await explore([...args, '--junit', junit]);
  expect(code).toBe(4);
  expect(out).toMatch(/^Not to the end: the budget of 300ms was used up after [\d,]+ of 1,000,000,000 runs$/m);
  const [error] = elementsOf(readXml(readFileSync(junit, 'utf8')), 'error');
  expect(error?.attributes['type']).toBe('budget');
});

test('each finding is a failure of the report and an annotation, with the commands that make it again', async () => {
  const [junit, capsules] = [join(folder, 'found.xml'), join(folder, 'found')];
  const args = ['--seed', '7', '--faults', 'swallow', '--runs', '30', '--capsules', capsules, '--junit', junit];
  const { code, out } = await explore(args, { GITHUB_ACTIONS: 'true' });
  expect(code).toBe(1);
  const root = readXml(readFileSync(junit, 'utf8'));
  const failures = elementsOf(root, 'failure');
  expect(root.attributes).toMatchObject({ tests: String(failures.length + 1), failures: String(failures.length) });
  const annotations = out.split('\n').filter((line) => line.startsWith('::error title=explore checked%2C seed 7%3A '));
  expect(annotations).toHaveLength(failures.length);
  const path = join(capsules, readdirSync(capsules).toSorted()[0] ?? '');
  const texts = failures.map(({ text }) => text).join('\n');
  expect(texts).toContain(`again: relayscope run ${path}\n`);
  const [, again = ''] = /before it was made small: relayscope (.*)/.exec(texts) ?? [];
  const { settings, from, runs } = exploreOptions(again.split(' ').slice(1), {});
  expect([settings.seed, settings.faults, runs]).toEqual([7, ['swallow'], 1]);
  expect(path).toContain(`-seed-7-run-${from}.capsule.json`);
});

test.each([
  [['--runs', '10', '--shard', '1/2'], 'No seed: expected --seed N with --shard, the same for all parts'],
  [
    ['--seed', '1', '--time', '5', '--shard', '1/2'],
    'No number of runs to be shared out: expected --runs N with --shard',
  ],
  [['--planted', '--shard', '1/2'], 'No campaign: give either --planted or --shard, not both'],
  [['--minimise', 'x.md', '--junit', 'x.xml'], 'No campaign: give either --minimise or --junit, not both'],
])('%j is a wrong usage', async (args, message) => {
  expect(await explore(args)).toMatchObject({
    code: 2,
    err: `relayscope: ${message} [USAGE]\nTry: relayscope explore --help\n`,
  });
});
