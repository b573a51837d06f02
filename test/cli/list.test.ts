import { expect, test } from 'vitest';
import { FAULTS } from '../../harness/faults/fault-registry.ts';
import { runCli } from '../../harness/cli/run-cli.ts';
import { capturedIo } from './captured-io.ts';

const STORY = 'fixtures/scenarios/story';

test('lists documents, a line each, with their titles', async () => {
  const { io, out } = capturedIo();
  expect(await runCli(['list', 'scenarios', STORY], io)).toBe(0);
  expect(out()).toMatch(
    /^fixtures\/scenarios\/story\/off-by-one\.md {2,}A write counts its own header byte, and curl hangs$/m,
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
    'relayscope: fixtures/scenarios/gone.md: expected a document or a folder of them, got ENOENT [SCENARIO_UNREADABLE]\n',
  );
});

test('lists faults, a line each, and as objects', async () => {
  const { io, out } = capturedIo();
  expect(await runCli(['list', 'faults'], io)).toBe(0);
  expect(out()).toMatch(/^count {2,}the count is off by so many$/m);
  expect(out()).toMatch(new RegExp(`^${FAULTS.length} faults\n$`, 'm'));
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

test('faults are of no files', async () => {
  const { io, err } = capturedIo();
  expect(await runCli(['list', 'faults', 'fixtures'], io)).toBe(2);
  expect(err()).toMatch(/^relayscope: Unexpected argument: expected none, got "fixtures" \[USAGE\]\n/);
});
