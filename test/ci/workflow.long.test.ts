import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { blocksOf } from '../documented-session.ts';
import { installedProject, packedPackage, runIn } from '../installed-project.ts';
import { elementsOf, readXml } from './read-xml.ts';
import { Runner, type JobResult } from './runner.ts';
import { readWorkflow } from './workflow.ts';

/** The workflow of docs/ci.md, run job by job in the project of that page. */
const page = readFileSync(join(import.meta.dirname, '../../docs/ci.md'), 'utf8');
const files = blocksOf(page).flatMap((block) => (block.kind === 'file' ? [block] : []));
const WORKFLOW = '.github/workflows/relayscope.yml';
const workflowText = files.find(({ path }) => path === WORKFLOW)?.text ?? '';
const temporary = mkdtempSync(join(tmpdir(), 'relayscope-workflow-'));
let project = '';

beforeAll(() => {
  // This vite, for `npm ci` refuses a lock file that lacks an optional package that a registry has no copy of.
  project = installedProject(null, ['vitest@5.1.2', 'vite@8.3.8']);
  // Beside the lock file, so that it is there on every machine.
  copyFileSync(packedPackage().file, join(project, 'relayscope.tgz'));
  runIn(project, 'npm install --no-audit --no-fund ./relayscope.tgz');
  for (const { path, text } of files) {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  }
}, 300_000);

afterAll(() => {
  rmSync(temporary, { recursive: true });
  rmSync(project, { recursive: true });
});

/** `tests 1: success` */
function outcomes(results: readonly JobResult[]): string[] {
  return results.map(({ job, matrix, status }) => `${[job, ...Object.values(matrix)].join(' ')}: ${status}`);
}

function namesIn(junit: string): string[] {
  return elementsOf(readXml(junit), 'testcase').map(
    ({ attributes }) => `${attributes['classname']} > ${attributes['name']}`,
  );
}

test('it asks for no more than it needs, and nothing in it is without an end', () => {
  const { permissions, jobs } = readWorkflow(workflowText);
  expect(permissions).toEqual({ contents: 'read' });
  expect(Object.keys(jobs)).toEqual(['tests', 'documents', 'report']);
  for (const job of Object.values(jobs)) {
    expect(job['timeout-minutes']).toBeLessThanOrEqual(15);
    expect(job.strategy?.['fail-fast'] ?? false).toBe(false);
  }
});

test('four machines and one that merges: each test exactly once, with the documents on each version of Node', () => {
  // What the packages are is in the lock file; each machine installs them for itself.
  const checkout = join(temporary, 'checkout');
  runIn(project, `mkdir ${checkout} && cp -r $(ls -A | grep -vx node_modules) ${checkout}`);
  const runner = new Runner(checkout, join(temporary, 'healthy'));
  const results = runner.run(readWorkflow(workflowText));
  const failed = results.filter(({ status }) => status === 'failure');
  expect(failed).toEqual([]);
  expect(outcomes(results)).toEqual([
    ...[1, 2, 3, 4].map((shard) => `tests ${shard}: success`),
    ...[22, 24, 26].map((node) => `documents ${node}: success`),
    'report: success',
  ]);
  const alone = runIn(project, 'npx vitest run --reporter=junit --outputFile.junit=alone.xml');
  expect(alone.status).toBe(0);
  const all = namesIn(readFileSync(join(project, 'alone.xml'), 'utf8')).toSorted(byText);
  expect(all).toEqual([
    'scenarios/header-counted.md > The adapter counts its own header > checked',
    'scenarios/late-answer.md > The answer comes after the half-close > checked',
    'scenarios/late-answer.md > The answer comes after the half-close > tokio-1.53.1',
    'test/campaign-1.test.ts > campaign checked, seed 42, runs 0 to 4,999',
    'test/campaign-2.test.ts > campaign checked, seed 42, runs 5,000 to 9,999',
  ]);
  expect(namesIn(runner.artifact('report', 'reports/tests.xml')).toSorted(byText)).toEqual(all);
  const documents = readXml(runner.artifact('documents-node-24', 'documents-node-24.xml'));
  expect(documents.attributes).toMatchObject({ tests: '3', failures: '0' });
  expect(results.find(({ job }) => job === 'documents')?.summary).toMatch(/^## relayscope run\n/);
}, 900_000);

test('what fails on one machine, or is stuck there, is in the merged report, with its text, its trace and its capsule', () => {
  const checkout = join(temporary, 'broken');
  runIn(project, `mkdir ${checkout} && cp -r $(ls -A | grep -vx node_modules) ${checkout}`);
  const document = readFileSync(join(checkout, 'scenarios/late-answer.md'), 'utf8');
  writeFileSync(join(checkout, 'scenarios/late-answer.md'), document.replace('bToA: 302 }', 'bToA: 303 }'));
  const campaign = readFileSync(join(checkout, 'test/campaign-2.test.ts'), 'utf8');
  writeFileSync(join(checkout, 'test/campaign-2.test.ts'), campaign.replace("'2/2'", "'2/2', faults: ['swallow']"));
  const stuck = "import { test } from 'vitest';\ntest('spins', () => {\n  for (;;);\n});\n";
  writeFileSync(join(checkout, 'test/stuck.test.ts'), stuck);
  const folder = join(temporary, 'broken-runs');
  const runner = new Runner(checkout, folder);
  // The packages were installed by each machine in the test above.
  const quick = workflowText.replaceAll('run: npm ci', `run: ln -s ${join(project, 'node_modules')} node_modules`);
  const results = runner.run(readWorkflow(quick));
  const told = outcomes(results);
  expect(told.filter((text) => text.startsWith('tests') && text.endsWith('failure'))).not.toEqual([]);
  expect(told.filter((text) => text.startsWith('tests') && text.endsWith('success'))).not.toEqual([]);
  expect(told.slice(4)).toEqual([...[22, 24, 26].map((node) => `documents ${node}: failure`), 'report: failure']);

  const said = results.flatMap(({ steps }) => steps.map(({ text }) => text)).join('\n');
  expect(said).toMatch(
    /^::error file=scenarios\/late-answer\.md,line=13,title=scenarios\/late-answer\.md%3A counts\.bToA%3A /m,
  );
  const junit = runner.artifact('report', 'reports/tests.xml');
  const failures = elementsOf(readXml(junit), 'failure')
    .map(({ text }) => text)
    .join('\n');
  expect(failures).toContain('counts.bToA: expected 303, got 302');
  expect(failures).toMatch(/again: relayscope run scenarios\/late-answer\.md --dialect checked --not-swapped/);
  const [, capsule = ''] =
    /again: relayscope run (capsules\/accounting-seed-42-run-\d+\.capsule\.json)/.exec(failures) ?? [];
  const shards = [1, 2, 3, 4].map((shard) => join(folder, 'artifacts', `shard-${shard}`));
  expect(shards.filter((shard) => existsSync(join(shard, capsule)))).toHaveLength(1);
  const trace = 'traces/failed/scenarios-late-answer-checked.trace';
  expect(shards.filter((shard) => existsSync(join(shard, trace)))).toHaveLength(1);
  expect(failures).toMatch(/A loop does not end in .*stuck\.test\.ts:3/);
  expect(shards.flatMap((shard) => globSync('stuck/*', { cwd: shard }))).not.toEqual([]);
  expect(namesIn(junit)).toHaveLength(6);
}, 600_000);

test('the lines for GitLab share the documents out', () => {
  const text = files.find(({ path }) => path === '.gitlab-ci.yml')?.text ?? '';
  const command = /- (npx relayscope run .*)/.exec(text)?.[1] ?? '';
  const parallel = Number(/parallel: (\d+)/.exec(text)?.[1]);
  const tests = Array.from({ length: parallel }, (_, index) => {
    const { status } = runIn(project, `export CI_NODE_INDEX=${index + 1} CI_NODE_TOTAL=${parallel}; ${command}`);
    expect(status).toBe(0);
    return namesIn(readFileSync(join(project, `reports/relayscope-${index + 1}.xml`), 'utf8'));
  });
  expect(tests.flat()).toHaveLength(3);
  expect(new Set(tests.flat()).size).toBe(3);
});

function byText(x: string, y: string): number {
  return x < y ? -1 : 1;
}
