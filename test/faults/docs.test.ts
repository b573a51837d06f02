import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { format } from 'prettier';
import { faultTable } from '../../harness/faults/fault-table.ts';
import { FAULT_LEVELS } from '../../harness/faults/fault-definition.ts';
import { FAULTS } from '../../harness/faults/fault-registry.ts';
import { FaultPlanError } from '../../harness/faults/fault-plan-error.ts';
import { parseFaultPlan } from '../../harness/faults/parse-fault-plan.ts';

/** What docs/faults.md shows. */

const page = readFileSync(join(import.meta.dirname, '../../docs/faults.md'), 'utf8');
const block = (language: string): string =>
  new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(page)?.[1] ?? '';

const marked = [...page.matchAll(/<!-- (\w+): made of the registry -->\n\n([\s\S]*?)\n\n<!-- end -->/g)];

test.each(marked.map(([, level, table]) => [level, table] as const))(
  'the table of %s is that of the registry',
  async (level, table) => {
    const made = faultTable(FAULT_LEVELS.find((name) => name === level) ?? 'poll');
    expect(table).toBe((await format(made, { parser: 'markdown', printWidth: 120 })).trimEnd());
  },
);

test('there is a table of each level', () => {
  expect(marked.map(([, level]) => level)).toEqual([...FAULT_LEVELS]);
});

test('the plan is one, and the error is what a wrong one gets', () => {
  const plan = parseFaultPlan(block('yaml'), 'plan.yaml');
  expect(plan.faults.map(({ fault }) => fault)).toEqual(['count', 'short']);
  const wrong = 'seed: 42\nfaults:\n  - fault: count\n    by: 1\n  - fault: count\n    by: 1\n    when: { call: 0 }\n';
  expect(() => parseFaultPlan(wrong, 'plan.yaml')).toThrow(FaultPlanError);
  expect(() => parseFaultPlan(wrong, 'plan.yaml')).toThrow(block('text').trimEnd());
});

test('names are in lower case, summaries are one line without an end', () => {
  expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length);
  for (const { name, summary, calls } of FAULTS) {
    expect([name, name]).toEqual([name, expect.stringMatching(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)]);
    for (const text of [summary, calls])
      expect([name, text]).toEqual([name, expect.stringMatching(/^[^\n|]{4,120}[^.\n]$/)]);
  }
});
