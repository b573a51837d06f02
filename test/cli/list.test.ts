import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { FAULTS } from '../../harness/faults/fault-registry.ts';
import { parseFaultPlan } from '../../harness/faults/parse-fault-plan.ts';
import { runCli } from '../../harness/cli/run-cli.ts';
import { capturedIo } from './captured-io.ts';

const STORY = 'fixtures/scenarios/story';

test('lists documents, a line each, with their titles', async () => {
  const { io, out } = capturedIo();
  expect(await runCli(['list', 'scenarios', STORY], io)).toBe(0);
  expect(out()).toMatch(
    /^ {2}fixtures\/scenarios\/story\/off-by-one\.md {2,}A write counts its own header byte, and curl hangs$/m,
  );
  expect(out()).toMatch(/^\d+ scenarios\n$/m);
});

test('--json lists them as objects', async () => {
  const { io, out } = capturedIo();
  expect(await runCli(['list', 'scenarios', `${STORY}/off-by-one.md`, '--json'], io)).toBe(0);
  expect(JSON.parse(out())).toMatchObject({
    schema: 1,
    scenarios: [{ name: `${STORY}/off-by-one.md`, group: STORY, outcome: 'spinning' }],
  });
});

test('a topic that there is not, and a path that there is not, are one line and code 2', async () => {
  const topic = capturedIo();
  expect(await runCli(['list', 'wonders'], topic.io)).toBe(2);
  expect(topic.err()).toMatch(/^relayscope: Unknown topic: expected one of .*scenarios.*, got "wonders" \[USAGE\]\n/);
  const path = capturedIo();
  expect(await runCli(['list', 'scenarios', 'fixtures/scenarios/gone.md'], path.io)).toBe(2);
  expect(path.err()).toBe(
    'relayscope: fixtures/scenarios/gone.md: expected a document or a folder of them, got a path where nothing is [SCENARIO_UNREADABLE]\n',
  );
});

test('lists faults, a line each, and as objects', async () => {
  const { io, out } = capturedIo();
  expect(await runCli(['list', 'faults'], io)).toBe(0);
  expect(out()).toMatch(/^ {2}count {2,}the count is off by so many$/m);
  expect(out()).toMatch(new RegExp(`^${FAULTS.length} faults\n`, 'm'));
  const json = capturedIo();
  expect(await runCli(['list', 'faults', '--json'], json.io)).toBe(0);
  const { faults } = JSON.parse(json.out()) as { faults: { name: string }[] };
  expect(faults).toHaveLength(FAULTS.length);
  expect(faults.find(({ name }) => name === 'count')).toEqual({
    name: 'count',
    group: 'poll',
    summary: 'the count is off by so many',
    halves: ['write', 'read'],
    defaultHalves: ['write'],
    calls: 'calls that moved bytes',
    benign: false,
    class: 'over-report-spin',
    parameters: [{ name: 'by', what: 'added to the true count; less than 0: too few are reported', default: 1 }],
  });
});

test('a group has a heading: the level of faults, the folder of documents', async () => {
  const faults = capturedIo();
  await runCli(['list', 'faults'], faults.io);
  expect(faults.out().match(/^\S.*$/gm)).toEqual([
    'poll: of a polled stream',
    'websocket: of the frames of a WebSocket',
    'transport: of the bytes of a TCP connection',
    `${FAULTS.length} faults`,
    'relayscope list faults NAME: all about one, with its fields',
  ]);
  const documents = capturedIo();
  await runCli(['list', 'scenarios', STORY, 'fixtures/scenarios/end'], documents.io);
  expect(documents.out().match(/^fixtures.*$/gm)).toEqual([STORY, 'fixtures/scenarios/end']);
});

test.each([50, 60, 80])(
  'on a terminal of %i columns no line is longer, none ends in a space, and nothing is lost',
  async (columns) => {
    const { io, out } = capturedIo({ isTTY: true, columns });
    await runCli(['list', 'faults'], io);
    const lines = stripVTControlCharacters(out()).split('\n');
    expect(lines.filter((line) => line.length > columns || line.endsWith(' '))).toEqual([]);
    const words = lines.map((line) => line.trim()).join(' ');
    expect(FAULTS.filter(({ summary }) => !words.includes(summary))).toEqual([]);
    expect(words).not.toContain('…');
  },
);

test('on a terminal a document goes by its name in its folder, and colours go by NO_COLOR', async () => {
  const coloured = capturedIo({ isTTY: true, columns: 100 });
  await runCli(['list', 'scenarios', STORY], coloured.io);
  expect(coloured.out()).toContain(`\u{1b}[1m${STORY}\u{1b}[22m\n`);
  const plain = capturedIo({ isTTY: true, columns: 100, env: { NO_COLOR: '1' } });
  await runCli(['list', 'scenarios', STORY], plain.io);
  expect(plain.out()).toMatch(/^ {2}off-by-one\.md {2,}A write counts its own header byte, and curl hangs$/m);
  expect(plain.out()).not.toContain('\u{1b}');
});

test('a fault that is named is told of in full', async () => {
  const { io, out } = capturedIo();
  expect(await runCli(['list', 'faults', 'count'], io)).toBe(0);
  expect(out()).toBe(`count  the count is off by so many
  level       poll: of a polled stream
  fields      by: added to the true count; less than 0: too few are reported (default: 1)
              side, half, connection, when, times, forMs: as every fault (docs/faults.md)
  acts on     write; on read where half says so
  counts      calls that moved bytes, for when: { call: N } and { every: N }
  provokes    the finding over-report-spin
  in a plan   - { fault: count, by: 1 }
`);
  const json = capturedIo();
  await runCli(['list', 'faults', 'torn', 'count', '--json'], json.io);
  expect(JSON.parse(json.out())).toMatchObject({ schema: 1, faults: [{ name: 'torn' }, { name: 'count' }] });
});

test('the entry that is shown for a plan is one, whichever fault it is', async () => {
  const { io, out } = capturedIo();
  await runCli(['list', 'faults', ...FAULTS.map(({ name }) => name)], io);
  const entries = [...out().matchAll(/^ {2}in a plan {3}(.*)$/gm)].map(([, entry]) => entry);
  const plan = parseFaultPlan(`faults:\n${entries.join('\n')}\n`, 'plan.yaml');
  expect(plan.faults.map(({ fault }) => fault)).toEqual(FAULTS.map(({ name }) => name));
});

test.each([
  [
    ['faults', 'cuont'],
    'Unknown fault: expected a name out of relayscope list faults, got "cuont"; did you mean count?',
  ],
  [['faults', 'rest'], 'Unknown fault: expected a name out of relayscope list faults, got "rest"; did you mean reset?'],
  [
    ['faults', 'Bandwith'],
    'Unknown fault: expected a name out of relayscope list faults, got "Bandwith"; did you mean bandwidth?',
  ],
  [['faults', 'kettle'], 'Unknown fault: expected a name out of relayscope list faults, got "kettle"'],
  [['fault'], 'Unknown topic: expected one of scenarios, faults, findings, got "fault"; did you mean faults?'],
])('%j is one line, with the nearest name if one is near, and code 2', async (args, message) => {
  const { io, err } = capturedIo();
  expect(await runCli(['list', ...args], io)).toBe(2);
  expect(err()).toBe(`relayscope: ${message} [USAGE]\nTry: relayscope list --help\n`);
});
