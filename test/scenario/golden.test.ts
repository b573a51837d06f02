import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parseScenarioObject, type ScenarioDocument } from '../../harness/scenario/parse-scenario.ts';
import { runDocument } from '../../harness/scenario/run-document.ts';

const root = mkdtempSync(join(tmpdir(), 'relayscope-golden-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const GOLDEN = 'traces/golden/x.ndjson';

function documentOf(bytes: number): ScenarioDocument {
  const scenario = parseScenarioObject({
    title: 'One way',
    dialects: ['checked'],
    a: { read: [bytes] },
    expect: { outcome: 'completed', golden: GOLDEN },
  });
  return { file: 'x.md', prose: '', scenario };
}

test('a golden trace is made when that is asked for, and compared line by line', async () => {
  const missing = await runDocument(documentOf(68), { golden: { root, update: false } });
  expect(missing.failures.map(({ mismatches }) => mismatches)).toEqual([
    [{ path: 'golden', expected: `a trace at ${GOLDEN}`, got: 'none (--update-goldens makes it)' }],
  ]);

  expect((await runDocument(documentOf(68), { golden: { root, update: true } })).failures).toEqual([]);
  const lines = readFileSync(join(root, GOLDEN), 'utf8').split('\n');
  expect(lines[0]).toBe('{"relayscope":"trace","version":1}');
  expect(lines[1]).toBe('{"chunk":"about","writer":"relayscope","title":"One way","dialect":"checked"}');
  expect((await runDocument(documentOf(68), { golden: { root, update: false } })).failures).toEqual([]);

  const other = await runDocument(documentOf(69), { golden: { root, update: false } });
  expect(other.failures).toHaveLength(1);
  expect(other.failures[0]?.mismatches[0]?.path).toMatch(/^golden, line \d+$/);

  writeFileSync(join(root, GOLDEN), lines.slice(0, -2).join('\n'));
  expect((await runDocument(documentOf(68), { golden: { root, update: false } })).failures).toHaveLength(1);
});

test('a run that is not as its document says does not become the golden one', async () => {
  await runDocument(documentOf(68), { golden: { root, update: true } });
  const document = documentOf(67);
  const other = parseScenarioObject({ ...document.scenario, expect: { outcome: 'parked', golden: GOLDEN } });
  const before = readFileSync(join(root, GOLDEN), 'utf8');
  const result = await runDocument({ ...document, scenario: other }, { golden: { root, update: true } });
  expect(result.failures[0]?.mismatches[0]?.path).toBe('outcome');
  expect(readFileSync(join(root, GOLDEN), 'utf8')).toBe(before);
});
