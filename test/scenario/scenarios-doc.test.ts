import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { failureReport } from '../../harness/scenario/failure-report.ts';
import { parseScenario } from '../../harness/scenario/parse-scenario.ts';
import { runDocument } from '../../harness/scenario/run-document.ts';
import { scenarioSchema } from '../../harness/scenario/scenario-schema.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/scenarios.md'), 'utf8');

test('the whole example of docs/scenarios.md is a document, and comes out as it says', async () => {
  const [, example = ''] = /`{4,}markdown\n([\s\S]*?)\n`{4,}\n/.exec(page) ?? [];
  const document = parseScenario(example, 'docs/scenarios.md');
  expect(document.scenario.title).toBe('The reply is lost with the half-close');
  const result = await runDocument(document);
  expect(failureReport(result)).toEqual([]);
  expect(result.runs).toBe(438);
});

test('docs/scenarios.md has every field of a scenario', () => {
  const fields = Object.keys(scenarioSchema.shape);
  expect(fields.filter((field) => !page.includes(`\`${field}\``))).toEqual([]);
});
