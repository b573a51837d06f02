import { join, relative } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { FAULTS } from '../../harness/faults/fault-registry.ts';
import { failureReport } from '../../harness/scenario/failure-report.ts';
import { findDocuments, readDocument } from '../../harness/scenario/find-documents.ts';
import { RelayThreads } from '../../harness/scenario/live/relay-threads.ts';
import type { ScenarioDocument } from '../../harness/scenario/parse-scenario.ts';
import { runDocument, type DocumentResult } from '../../harness/scenario/run-document.ts';

/** Every document is run as `relayscope run` runs it. Adding one is adding a file. */
const root = join(import.meta.dirname, '../..');
const folder = join(root, 'fixtures/scenarios');
const documents = await Promise.all((await findDocuments([folder])).map(readDocument));
const inMemory = documents.filter(({ scenario }) => scenario.live === undefined);
const live = documents.filter(({ scenario }) => scenario.live !== undefined);

/** `story/echo` */
function nameOf({ file }: ScenarioDocument): string {
  return relative(folder, file).replace(/\.md$/, '');
}

test('there are at least eighty in memory, and fifty with real sockets', () => {
  expect(inMemory.length).toBeGreaterThanOrEqual(80);
  expect(live.length).toBeGreaterThanOrEqual(50);
});

test.each(inMemory.map((document) => ({ name: nameOf(document), document })))('$name', async ({ document }) => {
  const result = await runDocument(document, { golden: { root, update: false } });
  expect(failureReport(result).join('\n')).toBe('');
  expect(result.runs).toBeGreaterThan(0);
});

describe('with real sockets', () => {
  /** Most of them wait most of the time. */
  const AT_ONCE = 4;
  const results = new Map<ScenarioDocument, DocumentResult>();

  beforeAll(async () => {
    const waiting = [...live];
    const threads = new RelayThreads();
    const work = async (): Promise<void> => {
      for (let document = waiting.shift(); document !== undefined; document = waiting.shift())
        results.set(document, await runDocument(document, { threads }));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    await threads.close();
  }, 120_000);

  test.each(live.map((document) => ({ name: nameOf(document), document })))('$name', ({ document }) => {
    const result = results.get(document);
    expect(result === undefined ? ['not run'] : failureReport(result)).toEqual([]);
  });
});

/** A fault has fired wherever its document was run: runDocument makes sure of that. */
test('every fault has its story', () => {
  const told = new Set(documents.flatMap(({ scenario }) => scenario.plan.faults.map(({ fault }) => fault)));
  expect(FAULTS.map(({ name }) => name).filter((name) => !told.has(name))).toEqual([]);
});

test('every document is a story: prose of its own, and a title that no other has', () => {
  expect(documents.filter(({ prose }) => prose.length < 100).map(nameOf)).toEqual([]);
  expect(new Set(documents.map(({ scenario }) => scenario.title)).size).toBe(documents.length);
});
