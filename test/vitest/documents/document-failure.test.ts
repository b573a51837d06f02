import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parseScenario } from '../../../harness/scenario/parse-scenario.ts';
import { runDocument } from '../../../harness/scenario/run-document.ts';
import type { RunFilter } from '../../../harness/scenario/runs-of.ts';
import { documentFailure } from '../../../harness/vitest/documents/document-failure.ts';

/** Who clicks on a failure wants to be where the expectation stands, and not in our code. */

const folder = mkdtempSync(join(tmpdir(), 'relayscope-failure-'));
const file = join(folder, 'story.md');

afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function framesOf(yaml: readonly string[], filter: RunFilter = {}): Promise<string[]> {
  const text = ['# A story', '', 'Prose.', '', '```yaml', 'dialects: [checked]', ...yaml, '```', ''].join('\n');
  writeFileSync(file, text);
  const document = parseScenario(text, 'story.md');
  const result = await runDocument(document, { filter: { chunkBytes: 'own', swapped: false, ...filter } });
  const { stack = '' } = documentFailure(result, { file, shown: 'story.md', caller: '    at relay.test.ts:3:1' });
  return stack.split('\n').filter((line) => /^ {4}at /.test(line));
}

const SENDS = ['a: { read: [3] }', 'expect:', '  outcome: completed'];

test('a failure points at the expectation that was not met, and then at who asked for the test', async () => {
  expect(await framesOf([...SENDS, '  counts: { bToA: 0,', '    aToB: 4 }'])).toEqual([
    `    at expect.counts.aToB (${file}:11:1)`,
    '    at relay.test.ts:3:1',
  ]);
  const events = ['  events:', "    - 'poll 1'", "    - 'a -> b write'", "    - 'b -> a write'"];
  expect(await framesOf([...SENDS, ...events])).toContain(`    at expect.events.2 (${file}:13:1)`);
});

test('one that is not in the document stands for the line around it', async () => {
  const loses = ['plan: { faults: [{ fault: swallow, side: b }] }', ...SENDS];
  expect(await framesOf(loses)).toContain(`    at expect.breaks (${file}:9:1)`);
});

test('a golden trace, and a fault that has not fired, have their lines', async () => {
  expect(await framesOf([...SENDS, '  golden: traces/golden/none.ndjson'])).toContain(
    `    at expect.golden (${file}:10:1)`,
  );
  const never = ['plan:', '  faults:', '    - { fault: count, by: 1, side: b, when: { byte: 99 } }', ...SENDS];
  expect(await framesOf(never)).toContain(`    at plan.faults.0 (${file}:9:1)`);
});

test('what is expected of swapped and of cut runs stands elsewhere', async () => {
  const other = ['swapped:', '  outcome: parked', 'chunks:', '  outcome: failed'];
  expect(await framesOf([...SENDS, ...other], { swapped: true })).toContain(`    at swapped.outcome (${file}:11:1)`);
  expect(await framesOf([...SENDS, ...other], { chunkBytes: 1 })).toContain(`    at chunks.outcome (${file}:13:1)`);
});

test('what is expected of a run that is mirrored stands as of the other direction', async () => {
  const counts = ['  counts:', '    aToB: 3', '    bToA: 1'];
  expect(await framesOf([...SENDS, ...counts])).toContain(`    at expect.counts.bToA (${file}:12:1)`);
  expect(await framesOf([...SENDS, ...counts], { swapped: true })).toContain(
    `    at expect.counts.bToA (${file}:12:1)`,
  );
});

test('the message is what the command prints', async () => {
  const document = parseScenario(
    '# A story\n\nProse.\n\n```yaml\ndialects: [checked]\nexpect: { outcome: parked }\n```\n',
    'story.md',
  );
  const result = await runDocument(document, { filter: { chunkBytes: 'own', swapped: false } });
  const error = documentFailure(result, { file, shown: 'story.md', caller: '' });
  expect(error.code).toBe('SCENARIO_FAILED');
  expect(error.message.split('\n').slice(0, 3)).toEqual([
    'story.md: 1 of 1 run failed: A story',
    '  checked: completed, seed 1',
    '    outcome: expected "parked", got "completed"',
  ]);
  expect(error.message).toMatch(/again: relayscope run story.md --dialect checked --not-swapped --chunk own$/);
  expect(error.stack).toBe(`RelayscopeError: ${error.message}\n    at expect.outcome (${file}:7:1)`);
});
