import { expect, test } from 'vitest';
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
