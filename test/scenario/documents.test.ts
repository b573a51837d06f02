import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { failureReport } from '../../harness/scenario/failure-report.ts';
import { findDocuments, readDocument } from '../../harness/scenario/find-documents.ts';
import { runDocument } from '../../harness/scenario/run-document.ts';
import { POLL_FAULTS } from '../../harness/faults/poll/poll-faults.ts';

/** Every document is run as `relayscope run` runs it. Adding one is adding a file. */
const root = join(import.meta.dirname, '../..');
const files = await findDocuments([join(root, 'fixtures/scenarios')]);
const documents = await Promise.all(files.map(readDocument));

test('there are at least eighty', () => {
  expect(documents.length).toBeGreaterThanOrEqual(80);
});

const topics = Map.groupBy(
  documents,
  ({ file }) => relative(join(root, 'fixtures/scenarios'), file).split('/')[0] ?? '',
);

describe.each([...topics])('%s', (_topic, inTopic) => {
  test.each(inTopic.map((document) => ({ title: document.scenario.title, document })))(
    '$title',
    async ({ document }) => {
      const result = await runDocument(document, { golden: { root, update: false } });
      expect(failureReport(result).join('\n')).toBe('');
      expect(result.runs).toBeGreaterThan(0);
    },
  );
});

test('every fault of the poll level has its story', () => {
  const told = new Set(documents.flatMap(({ scenario }) => scenario.plan.faults.map(({ fault }) => fault)));
  expect(POLL_FAULTS.map(({ name }) => name).filter((name) => !told.has(name))).toEqual([]);
});

test('every document is a story: prose of its own, and a title that no other has', () => {
  expect(documents.filter(({ prose }) => prose.length < 120).map(({ file }) => file)).toEqual([]);
  expect(new Set(documents.map(({ scenario }) => scenario.title)).size).toBe(documents.length);
});
