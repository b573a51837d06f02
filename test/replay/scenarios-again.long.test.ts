import { expect, test } from 'vitest';
import { findDocuments, readDocument } from '../../harness/scenario/find-documents.ts';
import { runsOf } from '../../harness/scenario/runs-of.ts';
import { traceDocument } from '../../harness/replay/trace-document.ts';
import { parseScenario } from '../../harness/scenario/parse-scenario.ts';
import { runDocument } from '../../harness/scenario/run-document.ts';
import { recordRun, replayItems } from './recorded-run.ts';

/**
 * Every story that is run in memory, recorded in each of its dialects and replayed in the same: what its sides are (scripts, faults
 * that lie, wake late, hold back) is not in the record, only what they answered, so that to do the same again is the proof that
 * the answers were taken apart rightly. Those that do not have their reason beside them.
 */
test('what a scenario was recorded to do, its replay does again, step by step', { timeout: 120_000 }, async () => {
  const otherwise = new Map<string, Set<string>>();
  let documents = 0;
  let runs = 0;
  for (const file of await findDocuments(['fixtures/scenarios'])) {
    const { scenario } = await readDocument(file);
    if (scenario.live !== undefined) continue;
    documents += 1;
    for (const run of runsOf(scenario, { swapped: false, chunkBytes: 'own' })) {
      runs += 1;
      const { items, outcome, counts, code } = recordRun(run.scenario, run.dialect);
      const [replay] = (await replayItems(items)).replays;
      const what = [
        Object.is(replay?.outcome, outcome) && replay?.code === code ? null : `${outcome}, then ${replay?.outcome}`,
        Object.is(replay?.counts.aToB, counts.aToB) && Object.is(replay?.counts.bToA, counts.bToA) ? null : 'counts',
        replay?.departure === null ? null : 'steps',
      ].filter((part) => part !== null);
      if (what.length === 0) continue;
      const name = file.replace('fixtures/scenarios/', '');
      otherwise.set(name, (otherwise.get(name) ?? new Set()).add(what.join(', ')));
    }
  }
  expect(Object.fromEntries([...otherwise].map(([name, whats]) => [name, [...whats]]))).toEqual({
    // What the queue of a stream makes it wait for, or its poller, is not in the record: the replay is answered sooner, or later.
    'back-pressure/control-frame-coupling-near-miss.md': ['steps'],
    'back-pressure/no-backpressure.md': ['steps'],
    'wakers/hang-up-loop-near-miss.md': ['steps'],
    // Ten thousand polls, each for a report of its poller; the replay ends with the record.
    'wakers/hang-up-loop.md': ['livelocked, then parked, steps'],
    // Ended by its own limit of time while it waited: the record does not say for what, and the replay waits for ever.
    'end/longer-than-the-limit.md': ['unfinished, then parked'],
    // Its stream polls the copy from within a call: no answer can do that.
    'wakers/woken-within-the-call.md': ['completed, then parked, counts, steps'],
  });
  expect(documents).toBeGreaterThan(100);
  expect(runs).toBeGreaterThan(500);
});

test('each of those replays is a document that runs as expected', { timeout: 120_000 }, async () => {
  const failed: string[] = [];
  for (const file of await findDocuments(['fixtures/scenarios'])) {
    const { scenario } = await readDocument(file);
    if (scenario.live !== undefined) continue;
    for (const run of runsOf(scenario, { swapped: false, chunkBytes: 'own' })) {
      const { items, outcome } = recordRun(run.scenario, run.dialect);
      // Polls without end are more answers than a document may have.
      if (outcome === 'livelocked') continue;
      const replay = await replayItems(items);
      const { failures } = await runDocument(parseScenario(traceDocument(replay, 'a trace'), 'again.md'));
      if (failures.length > 0) failed.push(`${file} ${run.dialect}`);
    }
  }
  expect(failed).toEqual([]);
});
