import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runCli } from '../../harness/cli/run-cli.ts';
import { capturedIo } from './captured-io.ts';

const STORY = 'fixtures/scenarios/story';
const folder = mkdtempSync(join(tmpdir(), 'relayscope-run-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { io, out, err } = capturedIo();
  const code = await runCli(['run', ...args], io);
  return { code, out: out(), err: err() };
}

/** The story with one thing changed. */
function changed(name: string, from: string, to: string): string {
  const text = readFileSync(`${STORY}/right-adapter.md`, 'utf8');
  if (!text.includes(from)) throw new Error(`The document has no ${from}`);
  const path = join(folder, name);
  writeFileSync(path, text.replace(from, to));
  return path;
}

test('runs a folder, and says in one line that all was as expected', async () => {
  const { code, out, err } = await run(STORY);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^\d+ documents, [\d,]+ runs: all as expected\n$/);
});

/**
 * What a person needs who has never seen the document: which run, with which seed, what was expected and what came, the
 * latest events, what each half waited for, and the command that makes exactly this run again.
 */
test('a scenario that is broken on purpose is told in full', async () => {
  const file = changed('broken.md', '  read: [{ received: 68 }, 302]', '  read: [{ received: 69 }, 302]');
  const { code, out } = await run(file, '--dialect', 'tokio-1.9.0', '--not-swapped', '--chunk', 'own');
  expect(code).toBe(3);
  expect(out).toBe(`${file}: 1 of 1 run failed: With the right adapter curl has its answer
  tokio-1.9.0: parked, seed 1
    outcome: expected "completed", got "parked"
    counts.bToA: expected 302, got 0
    delivered.bToA: expected 302, got 0
    the last events:
           0  poll 1
           1  a -> b  read   room 2048, got 68
           2  a -> b  write  offered 68, reported 68  (pos 0, cap 68)
           3  a -> b  #4  pos 68  cap 68  read_done false  need_flush
           4  a -> b  waits: its read half is registered
           5  a -> b  read   room 2048: pending  (pos 68, cap 68)
           6  b -> a  waits: its read half is registered
           7  b -> a  read   room 2048: pending
    a -> b waits to read
    b -> a waits to read
    again: relayscope run ${file} --dialect tokio-1.9.0 --not-swapped --chunk own

1 document, 1 run: 1 run of 1 document failed
`);
});

test('an expectation that fails without a hang is code 1, and --json tells the same', async () => {
  const file = changed('count.md', 'counts: { aToB: 68, bToA: 302 }', 'counts: { aToB: 69, bToA: 302 }');
  const { code, out } = await run(file, '--dialect', 'checked', '--swapped', '--chunk', '7', '--json');
  expect(code).toBe(1);
  expect(JSON.parse(out)).toEqual({
    schema: 1,
    documents: 1,
    runs: 1,
    failed: 1,
    malformed: [],
    failures: [
      {
        file,
        dialect: 'checked',
        swapped: true,
        chunkBytes: 7,
        seed: 1,
        outcome: 'completed',
        mismatches: [{ path: 'counts.bToA', expected: '69', got: '68' }],
        waits: [],
        findings: [],
        repeat: `relayscope run ${file} --dialect checked --swapped --chunk 7`,
      },
    ],
    cut: [],
    unrun: [],
  });
});

/** The name of the disease stands beside what was expected, with the direction of the run: here a and b are swapped. */
test('a run that fails says what its trace is found to suffer from', async () => {
  const file = join(folder, 'counted.md');
  const plan = 'plan: { faults: [{ fault: header-counted, side: b }] }\nexpect:\n  outcome: completed\n';
  writeFileSync(
    file,
    `# Counted\n\nIts header is counted.\n\n\`\`\`yaml\ndialects: [checked]\na: { read: [68] }\n${plan}\`\`\`\n`,
  );
  const { out } = await run(file, '--swapped', '--chunk', 'own');
  expect(out).toMatch(/^ {4}finding: over-report-spin \(b -> a\): A write was offered 68 bytes and reported 69, /m);
  const { out: json } = await run(file, '--not-swapped', '--chunk', 'own', '--json');
  const [failure] = (JSON.parse(json) as { failures: unknown[] }).failures;
  expect(failure).toMatchObject({ findings: [{ class: 'over-report-spin', direction: 'a -> b', half: 'write' }] });
});

test('many runs that fail alike are told twice in full, and by name', async () => {
  const file = changed('count.md', 'counts: { aToB: 68, bToA: 302 }', 'counts: { aToB: 69, bToA: 302 }');
  const { out } = await run(file, '--dialect', 'tokio-1.9.0', '--not-swapped');
  expect(out).toMatch(/: 70 of 70 runs failed: /);
  expect(out.match(/counts\.aToB: expected 69, got 68/g)).toHaveLength(2);
  expect(out).toMatch(/so did: tokio-1\.9\.0, chunk 2; .*; 60 more$/m);
});

test('a document that is wrong is one line with its place, the others run, and the code is 2', async () => {
  const file = changed('wrong.md', 'outcome: completed', 'outcome: fine');
  const { code, out, err } = await run(file, `${STORY}/echo.md`);
  expect(code).toBe(2);
  expect(err).toMatch(
    /^relayscope: .*wrong\.md:\d+: expect\.outcome: expected one of completed, .*, got "fine" \[SCENARIO_MALFORMED\]\n$/,
  );
  expect(out).toMatch(/^1 document, [\d,]+ runs: 1 document could not be read\n$/);
});

test('a filter that leaves nothing, and wrong usage, are code 2', async () => {
  const none = await run(`${STORY}/echo.md`, '--dialect', 'tokio-0.2.0');
  expect(none.code).toBe(2);
  expect(none.err).toMatch(
    /^relayscope: No run: expected a document that has such a dialect, side and chunk size \[USAGE\]/,
  );
  expect((await run()).err).toMatch(/^relayscope: No path: expected documents, capsules, or folders of them \[USAGE\]/);
  expect((await run(STORY, '--swapped', '--not-swapped')).code).toBe(2);
  expect((await run(STORY, '--chunk', '0')).code).toBe(2);
  expect((await run(STORY, '--dialect', 'tokio-9')).err).toMatch(/^relayscope: Unknown dialect: /);
});

test('--trace saves what happened, faults by name', async () => {
  const path = join(folder, 'story.ndjson');
  await run(`${STORY}/as-a-fault.md`, '--dialect', 'tokio-1.9.0', '--chunk', 'own', '--trace', path);
  const { io, out } = capturedIo();
  await runCli(['inspect', path, '--kind', 'fault,write'], io);
  expect(out()).toMatch(/fault count \(by 1\) at b\n.*write +offered 68, reported 69/);
});

test.each(['hang.trace', 'hang.ndjson'])('--trace saves what the relay of a live document did, as %s', async (name) => {
  const path = join(folder, name);
  await run('fixtures/scenarios/websocket/off-by-one.md', '--trace', path);
  const { io, out } = capturedIo();
  await runCli(['inspect', path], io);
  expect(out()).toMatch(/dialect +tokio-1\.12\.0\n/);
  expect(out()).toMatch(/a -> b +write +offered 68, reported 69/);
  expect(readdirSync(folder).filter((file) => file.endsWith('.part'))).toEqual([]);
});

test('progress is for terminals', async () => {
  const { io, err } = capturedIo({ isTTY: true, columns: 100 });
  await runCli(['run', `${STORY}/echo.md`], io);
  expect(err()).toContain('0 of 1 document, 0 runs');
  expect((await run(`${STORY}/echo.md`)).err).toBe('');
});

const CAPSULE = join(folder, 'lost.capsule.json');

test('a capsule becomes a document, which is run, and runs so again', async () => {
  const expected = { outcome: 'completed', delivered: { aToB: 0 }, breaks: ['accounting', 'conservation', 'end-once'] };
  const plan = { faults: [{ fault: 'swallow', side: 'b' }] };
  const only = { not: 'a capsule repeats one run' };
  const capsule = { title: 'Lost', dialects: ['checked'], a: { read: [1] }, plan, expect: expected };
  writeFileSync(CAPSULE, JSON.stringify({ ...capsule, swapped: only, chunks: only }));
  const story = join(folder, 'stories/lost.md');
  const first = await run(CAPSULE, '--as-scenario', story);
  expect(first).toEqual({ code: 0, out: `Wrote ${story}\n1 document, 1 run: all as expected\n`, err: '' });
  expect(await run(story)).toEqual({ code: 0, out: '1 document, 1 run: all as expected\n', err: '' });
});

test('a document that is there is not replaced unasked', async () => {
  const story = join(folder, 'mine.md');
  writeFileSync(story, 'Mine.\n');
  const { code, err } = await run(CAPSULE, '--as-scenario', story);
  expect(code).toBe(2);
  expect(err).toBe(
    `relayscope: Cannot write ${story}: it is there already, and --force is not given [CAPSULE_UNWRITABLE]\n`,
  );
  expect(readFileSync(story, 'utf8')).toBe('Mine.\n');
  expect(await run(CAPSULE, '--as-scenario', story, '--force')).toMatchObject({ code: 0 });
  expect(readFileSync(story, 'utf8')).toMatch(/^# Lost\n/);
});

test.each([
  [[CAPSULE, CAPSULE, '--as-scenario', 'x.md'], 'Too many paths: expected one capsule with --as-scenario, got 2'],
  [[CAPSULE, '--as-scenario', 'x.txt'], 'Not a document: expected a name that ends in .md after --as-scenario'],
  [[`${STORY}/right-adapter.md`, '--as-scenario', 'x.md'], 'A document already: expected a capsule'],
])('%j is a wrong usage', async (args, message) => {
  const { code, err } = await run(...args);
  expect(code).toBe(2);
  expect(err).toContain(message);
});

test('the values of a property are told to be that, and how they are repeated', async () => {
  const file = join(folder, 'x.property.json');
  writeFileSync(
    file,
    JSON.stringify({ property: { seed: -42, path: '3:0:1' }, values: '[0]', error: 'no', versions: {} }),
  );
  const { code, err } = await run(file);
  expect(code).toBe(2);
  expect(err).toContain(
    'got the values of a property, which its own test repeats: ' +
      'fc.assert(property, { seed: -42, path: "3:0:1", endOnFailure: true }) [SCENARIO_MALFORMED]',
  );
});
