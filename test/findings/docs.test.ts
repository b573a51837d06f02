import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { expect, test } from 'vitest';
import { runCli } from '../../harness/cli/run-cli.ts';
import { coverageOf, findsNothing } from '../../harness/findings/coverage.ts';
import { findingTables, isWhole } from '../../harness/findings/finding-table.ts';
import { OTHER_EVIDENCE } from '../../harness/findings/other-evidence.ts';
import { findDocuments, readDocument } from '../../harness/scenario/find-documents.ts';
import { FINDING_CLASSES } from '../../src/diagnose/finding-class.ts';
import { capturedIo } from '../cli/captured-io.ts';

/** What docs/findings.md shows, and what the table of all classes says. */

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/findings.md'), 'utf8');
const documents = await Promise.all((await findDocuments(['fixtures/scenarios'])).map(readDocument));
const coverage = coverageOf(documents);

test('the tables are those that follow from the scenarios: relayscope list findings --markdown', async () => {
  const tables = /<!-- findings: made of the scenarios -->\n\n([\s\S]*?)\n\n<!-- end -->/.exec(page)?.[1];
  const made = await format(findingTables(coverage), { parser: 'markdown', printWidth: 120 });
  expect(tables).toBe(made.trimEnd());
});

test('every class has a row', () => {
  const rows = [...page.matchAll(/^\| `([a-z-]+)` +\| /gm)].map(([, name]) => name);
  expect(rows.filter((name) => FINDING_CLASSES.some((known) => known === name))).toEqual([...FINDING_CLASSES]);
});

/** A class that is only in the list of names would be one that nobody has ever seen found. */
test('every class is provoked by a real defect, and has a near miss', () => {
  expect(coverage.filter((one) => !isWhole(one)).map((one) => one.class)).toEqual([]);
  expect(coverage).toHaveLength(44);
});

test('a near miss is a document in which nothing is found', () => {
  const healthy = documents.filter(({ scenario }) => findsNothing(scenario.expect)).map(({ file }) => file);
  const told = coverage.map(({ nearMiss }) => nearMiss).filter((path) => path?.endsWith('.md') === true);
  expect(told.filter((path) => path !== null && !healthy.includes(path))).toEqual([]);
  expect(told.length).toBeGreaterThan(0);
});

test('other evidence is a file that names its class, and a model is there', () => {
  const wrong = coverage.flatMap(({ class: name, nearMiss, tests, model }) => {
    const named = [...tests, ...(nearMiss === null || nearMiss.endsWith('.md') ? [] : [nearMiss])];
    const silent = named.filter((path) => !textOf(path).includes(name));
    return [...silent, ...(model === null || existsSync(join(root, model)) ? [] : [model])].map((path) => [name, path]);
  });
  expect(wrong).toEqual([]);
});

test('the document that is to be looked at first is one that provokes the class', () => {
  const wrong = Object.entries(OTHER_EVIDENCE).filter(([name, { first }]) => {
    const own = documents.filter(({ scenario }) => scenario.expect.findings?.[0]?.class === name);
    return first !== undefined && !own.some(({ file }) => file === first);
  });
  expect(wrong).toEqual([]);
});

test('the screen is the real one', async () => {
  const screen = /^```console\n\$ relayscope (why \S+)\n([\s\S]*?)^```$/m.exec(page);
  const { io, out } = capturedIo();
  expect(await runCli((screen?.[1] ?? '').split(' '), io)).toBe(1);
  expect(out()).toBe(screen?.[2]);
});

test('lists classes, and tells all about one', async () => {
  const all = capturedIo();
  expect(await runCli(['list', 'findings'], all.io)).toBe(0);
  expect(all.out()).toMatch(/^44 findings$/m);
  const one = capturedIo();
  expect(await runCli(['list', 'findings', 'over-report-spin'], one.io)).toBe(0);
  expect(one.out()).toMatch(/^ {2}provoked by fixtures\/scenarios\/story\/off-by-one\.md, /m);
  const wrong = capturedIo();
  expect(await runCli(['list', 'findings', 'over-report'], wrong.io)).toBe(2);
  expect(wrong.err()).toMatch(/got "over-report"; did you mean over-report-spin\? \[USAGE\]/);
  const tables = capturedIo();
  expect(await runCli(['list', 'faults', '--markdown'], tables.io)).toBe(2);
  expect(tables.err()).toContain('No tables: expected findings before --markdown, got faults');
});

function textOf(path: string): string {
  return existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : '';
}
