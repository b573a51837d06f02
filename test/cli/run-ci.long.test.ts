import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { systemClock } from '../../src/poll/clock.ts';
import { runCli } from '../../harness/cli/run-cli.ts';
import { elementsOf, readXml } from '../ci/read-xml.ts';
import { capturedIo } from './captured-io.ts';

/** What a CI asks of `relayscope run`: parts, budgets, reports. */
const folder = mkdtempSync(join(tmpdir(), 'relayscope-run-ci-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function run(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: number; out: string; err: string }> {
  const { io, out, err } = capturedIo({ env });
  const code = await runCli(['run', ...args], io);
  return { code, out: out(), err: err() };
}

function document(path: string, yaml: string): string {
  const file = join(folder, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, `# Of ${path}\n\nWhat happened.\n\n\`\`\`yaml\n${yaml}\n\`\`\`\n`);
  return file;
}

const RIGHT =
  'dialects: [checked, tokio-1.9.0]\na: { read: [10] }\nexpect: { outcome: completed, counts: { aToB: 10 } }';
const WRONG = RIGHT.replace('aToB: 10', 'aToB: 11');
/** Ten million polls, a byte each: some 40 s. */
const LONG = `dialects: [checked]
options: { bufferBytes: 1, maxPolls: 10000000, maxSteps: 100000000 }
a: { read: [{ bytes: 60000000 }] }
expect: { outcome: completed }
chunks: { not: one is enough }`;
const HUNG = `dialects: [checked]
live: { relay: plain, client: [{ receive: 1 }], origin: [{ receive: 1 }], limitMs: 60000 }
expect: { outcome: parked }`;

test('the parts of a folder are all of it, each document in one of them, one that cannot be read as well', async () => {
  const files = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) =>
    document(`parts/${name}.md`, name === 'c' ? 'wrong' : RIGHT),
  );
  const reports = await Promise.all(
    [1, 2, 3].map(async (index) => {
      const junit = join(folder, `part-${index}.xml`);
      const { code, out } = await run([
        join(folder, 'parts'),
        '--shard',
        `${index}/3`,
        '--junit',
        junit,
        '--chunk',
        'own',
      ]);
      expect(out).toMatch(new RegExp(`^part ${index}/3: \\d documents?, [\\d,]+ runs: `));
      return {
        code,
        names: elementsOf(readXml(readFileSync(junit, 'utf8')), 'testsuite').map(
          ({ attributes }) => attributes['name'],
        ),
      };
    }),
  );
  expect(new Set(reports.flatMap(({ names }) => names))).toEqual(new Set(files));
  expect(reports.map(({ names }) => names.length).toSorted((x, y) => x - y)).toEqual([2, 2, 3]);
  expect(reports.map(({ code }) => code).toSorted((x, y) => x - y)).toEqual([0, 0, 2]);
});

test('a part may have nothing to run; all parts together must have', async () => {
  const file = document('one.md', RIGHT);
  const results = await Promise.all([1, 2, 3].map((index) => run([file, '--shard', `${index}/3`])));
  expect(results.map(({ code }) => code)).toEqual([0, 0, 0]);
  const outs = results.map(({ out }) => out).toSorted();
  expect(outs[0]).toMatch(/^part 1\/3: 1 document, [\d,]+ runs: all as expected\n$/);
  expect(outs.slice(1)).toEqual([
    'part 2/3: 0 documents, 0 runs: all as expected\n',
    'part 3/3: 0 documents, 0 runs: all as expected\n',
  ]);
  const none = await run([file, '--shard', '2/3', '--dialect', 'tokio-0.2.0']);
  expect(none.code).toBe(2);
  expect(none.err).toContain('No run: expected a document that has such a dialect');
});

test('a failure is in the report with its place, its text, and the command that makes it again', async () => {
  const file = document('wrong/<"a"> & b.md', WRONG);
  const junit = join(folder, 'new folder/wrong.xml');
  const { code } = await run([file, '--junit', junit, '--chunk', 'own']);
  expect(code).toBe(1);
  const root = readXml(readFileSync(junit, 'utf8'));
  expect(root.attributes).toMatchObject({ tests: '2', failures: '2', errors: '0', skipped: '0' });
  const [first] = elementsOf(root, 'testcase');
  expect(first?.attributes).toMatchObject({
    classname: file,
    file,
    line: '8',
    name: 'Of wrong/<"a"> & b.md [checked]',
  });
  expect(Number(first?.attributes['time'])).toBeGreaterThanOrEqual(0);
  const [failure] = elementsOf(root, 'failure');
  expect(failure?.attributes).toEqual({
    message: 'counts.aToB: expected 11, got 10 (2 runs failed)',
    type: 'completed',
  });
  expect(failure?.text).toContain('b -> a  write  offered 10, reported 10');
  const again = `relayscope run '${file}' --dialect checked --not-swapped --chunk own`;
  expect(failure?.text).toContain(`again: ${again}\n`);
  expect(elementsOf(root, 'property').map(({ attributes }) => attributes)).toContainEqual({
    name: 'repeat',
    value: again,
  });
  expect(readdirSync(join(folder, 'new folder'))).toEqual(['wrong.xml']);
});

test('on GitHub a failure is an annotation at its line, and part of the summary; --no-github keeps silent', async () => {
  const file = document('annotated.md', WRONG);
  const summary = join(folder, 'summary.md');
  writeFileSync(summary, 'Of an earlier command.\n');
  const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary, GITHUB_WORKSPACE: folder };
  const told = await run([file, '--dialect', 'checked', '--swapped', '--chunk', 'own'], env);
  const [annotation] = told.out.split('\n').filter((line) => line.startsWith('::'));
  expect(annotation).toMatch(
    /^::error file=annotated\.md,line=8,title=[^,:]*annotated\.md%3A counts\.bToA%3A expected 11%2C got 10::/,
  );
  expect(annotation).toContain(`%0A    again: relayscope run ${file} --dialect checked --swapped --chunk own`);
  expect(readFileSync(summary, 'utf8')).toMatch(
    /^Of an earlier command\.\n## relayscope run\n[^]*\| 0 \| 1 \| 0 \| 0 \| [^]*counts\.bToA: expected 11/,
  );
  const silent = await run([file, '--no-github'], env);
  expect(silent.out).not.toContain('::error');
  expect((await run([file, '--github', '--chunk', 'own'])).out).toContain('\n::error file=');
  const { out, err } = await run([file, '--json', '--chunk', 'own'], env);
  expect(JSON.parse(out)).toMatchObject({ failed: 1 });
  expect(err).toMatch(/^::error file=annotated\.md,/);
});

test('a document in memory that takes too long is cut at its bound, the others are run, and the code is 4', async () => {
  const [long, after] = [document('long/a.md', LONG), document('long/b.md', RIGHT)];
  const junit = join(folder, 'long.xml');
  const { code, out } = await run([join(folder, 'long'), '--document-budget', '300ms', '--junit', junit]);
  expect(code).toBe(4);
  expect(out).toMatch(
    new RegExp(
      `^${long}: the document's budget of 300ms was used up, after 0 runs of 2\n\n1 document, [\\d,]+ runs: 1 document not to the end\n$`,
    ),
  );
  const root = readXml(readFileSync(junit, 'utf8'));
  expect(elementsOf(root, 'error').map(({ attributes }) => attributes['type'])).toEqual(['budget']);
  expect(elementsOf(root, 'testcase').filter(({ attributes }) => attributes['classname'] === after)).toHaveLength(2);
});

test('when the budget of all is used up, what was not run is told by name, and the code is 4', async () => {
  const [long, after] = [document('out/a.md', LONG), document('out/b.md', RIGHT)];
  const junit = join(folder, 'out.xml');
  const { code, out } = await run([join(folder, 'out'), '--budget', '300ms', '--junit', junit]);
  expect(code).toBe(4);
  expect(out).toBe(
    `${long}: the budget of 300ms was used up, after 0 runs of 2\n\n` +
      `${after}: not run, the budget of 300ms was used up\n\n` +
      '0 documents, 0 runs: 1 document not to the end; 1 document not run\n',
  );
  const [skipped] = elementsOf(readXml(readFileSync(junit, 'utf8')), 'skipped');
  expect(skipped?.attributes['message']).toBe('Not run: the budget of 300ms was used up');
  const { out: json } = await run([join(folder, 'out'), '--budget', '300ms', '--json']);
  expect(JSON.parse(json)).toMatchObject({ cut: [{ file: long, runs: 0, left: 2 }], unrun: [after] });
});

test('what was wrong before the budget was used up decides the code', async () => {
  document('both/a.md', WRONG);
  document('both/b.md', LONG);
  expect(await run([join(folder, 'both'), '--budget', '1s', '--chunk', 'own'])).toMatchObject({ code: 1 });
});

test('a live document that hangs is cut, too, though it allows itself more', async () => {
  const file = document('hung.md', HUNG);
  const { code, out } = await run([file, '--document-budget', '300ms']);
  expect(code).toBe(4);
  expect(out).toContain(`${file}: the document's budget of 300ms was used up, after 0 runs of 1\n`);
});

test('without a budget a document takes the time that it takes', async () => {
  const file = document('slow.md', RIGHT);
  expect(await run([file, '--budget', 'off', '--document-budget', 'off'])).toMatchObject({ code: 0 });
});

test('a summary that cannot be written is told after what was found', async () => {
  const file = document('fine.md', RIGHT);
  const { code, out, err } = await run([file, '--github'], { GITHUB_STEP_SUMMARY: join(file, 'summary.md') });
  expect(code).toBe(2);
  expect(out).toMatch(/all as expected\n$/);
  expect(err).toMatch(/^relayscope: Cannot write the report .*summary\.md: E\w+: .* \[REPORT_UNWRITABLE\]\n$/);
});

test.each([
  [['--shard', '0/4'], 'Wrong value of --shard: expected i/n, with i from 1 to n and n up to 1000, got "0/4"'],
  [['--shard', '5/4'], 'Wrong value of --shard: expected i/n, with i from 1 to n and n up to 1000, got "5/4"'],
  [['--budget', '5'], 'Wrong value of --budget: expected a time such as 90s, 5m or 1h, or off, got "5"'],
  [
    ['--document-budget', '0s'],
    'Wrong value of --document-budget: expected a time such as 90s, 5m or 1h, or off, got "0s"',
  ],
  [['--junit', ''], 'Wrong value of --junit: expected the name of a file, got ""'],
  [['--github', '--no-github'], 'Give either --github or --no-github, not both'],
  [
    ['--shard', '1/2', '--as-scenario', 'x.md'],
    'One capsule is not to be shared out: give either --as-scenario or --shard, not both',
  ],
])('%j is a wrong usage', async (args, message) => {
  const { code, err } = await run(['fixtures/scenarios/story', ...args]);
  expect(code).toBe(2);
  expect(err).toBe(`relayscope: ${message} [USAGE]\nTry: relayscope run --help\n`);
});

test('whoever stops it stops a run in memory, and is told what was done', async () => {
  const [wrong, long] = [document('stopped/a.md', WRONG), document('stopped/b.md', LONG)];
  const stop = new AbortController();
  const { io, out } = capturedIo({ signal: stop.signal });
  const write = (text: string): void => {
    // What failed of the first is told when the second is about to begin.
    if (out() === '')
      systemClock.after(300, () => {
        stop.abort();
      });
    io.stdout.write(text);
  };
  const junit = join(folder, 'stopped.xml');
  // The budget is no part of it: it ends the test where nothing else does.
  const args = ['run', wrong, long, '--chunk', 'own', '--document-budget', '5s', '--junit', junit];
  await runCli(args, { ...io, stdout: { ...io.stdout, write } });
  expect(out()).toContain(`${long}: the command was stopped, after 0 runs of 2\n`);
  const error = elementsOf(readXml(readFileSync(junit, 'utf8')), 'error').at(-1);
  expect(error?.attributes['message']).toBe('Not run to its end: the command was stopped, after 0 runs of 2');
});

test.each([
  ['a folder', 'reports', 'it is a folder'],
  ['below a file', 'file.md/report.xml', 'ENOTDIR'],
])('a report that cannot be written is refused before the run: %s', async (_, path, why) => {
  mkdirSync(join(folder, 'reports'), { recursive: true });
  const file = document('file.md', WRONG);
  const { code, out, err } = await run([file, '--junit', join(folder, path)]);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(new RegExp(`^relayscope: Cannot write the report .*${why}.* \\[REPORT_UNWRITABLE\\]\n$`));
});
