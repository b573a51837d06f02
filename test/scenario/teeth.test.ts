import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findDocuments, readDocument } from '../../harness/scenario/find-documents.ts';
import { runDocument } from '../../harness/scenario/run-document.ts';

/**
 * A document can have a fault that fires and an expectation that would hold without it: it would go on passing if the fault did
 * nothing any more. So each has to fail, in every one of its dialects, once one of its faults is taken out.
 */
const folder = join(import.meta.dirname, '../../fixtures/scenarios');

test('no document in memory is as expected without one of its faults', { timeout: 60_000 }, async () => {
  const documents = await Promise.all((await findDocuments([folder])).map(readDocument));
  const survivors: string[] = [];
  let taken = 0;
  for (const document of documents) {
    const { scenario, file } = document;
    // The fault of a near miss is the adapter without its defect: it is there to make no difference.
    if (scenario.live !== undefined || file.endsWith('-near-miss.md')) continue;
    for (const [index, { fault }] of scenario.plan.faults.entries()) {
      const plan = { ...scenario.plan, faults: scenario.plan.faults.toSpliced(index, 1) };
      const without = { ...document, scenario: { ...scenario, plan } };
      const { runs, failures } = await runDocument(without, { filter: { swapped: false, chunkBytes: 'own' } });
      taken += 1;
      if (failures.length < runs) survivors.push(`${file}: ${fault}, ${runs - failures.length} of ${runs} dialects`);
    }
  }
  expect(survivors).toEqual([]);
  expect(taken).toBeGreaterThan(50);
});
