import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { Diagnosis } from '../../../src/diagnose/diagnosis.ts';
import type { Finding } from '../../../src/diagnose/finding.ts';
import { siblingModule } from '../../../src/sibling-module.ts';
import { openTrace } from '../../../src/trace/file/open-trace.ts';
import type { Verdict } from '../../../src/trace/trace-note.ts';
import { superviseWorker } from '../../../src/watch/supervise-worker.ts';
import { workerLink } from '../../../src/watch/worker-link.ts';
import { scratch } from '../../watch/support/scratch.ts';

/** A relay over a real socket in a thread of its own, which blocks or not when the first bytes come. */
function relay(isBlocking: boolean) {
  const tracePath = join(scratch(), 'relay.trace');
  const link = workerLink();
  const { watched, transferList } = link;
  const worker = new Worker(siblingModule(import.meta.url, 'support/blocking-worker'), {
    workerData: { watched, isBlocking },
    transferList,
    execArgv: [],
  });
  const stuck = Promise.withResolvers<Verdict>();
  const watch = superviseWorker(worker, link, {
    tracePath,
    onVerdict: (verdict) => {
      // On a busy machine its start alone may get one.
      if (verdict.outcome === 'blocked') stuck.resolve(verdict);
    },
  });
  onTestFinished(async () => {
    await watch.end();
  });
  worker.postMessage('go');
  const findings = async (): Promise<Finding[]> => {
    await watch.end();
    const diagnosis = new Diagnosis();
    for await (const item of openTrace(tracePath)) diagnosis.item(item);
    diagnosis.end();
    return diagnosis.findings();
  };
  return { worker, stuck: stuck.promise, findings };
}

test('a thread that blocks between a wake and its poll is seen from outside, and the wake is named', async () => {
  const { stuck, findings } = relay(true);
  expect(await stuck).toMatchObject({ outcome: 'blocked', where: 'outside' });
  expect(await findings()).toMatchObject([
    { class: 'deferred-wake-lost', direction: 'a -> b', half: 'read', confidence: 'likely' },
  ]);
});

test('a thread that goes on polls, and nothing is found', async () => {
  const { worker, findings } = relay(false);
  await once(worker, 'message');
  await new Promise((resolve) => setImmediate(resolve));
  expect(await findings()).toEqual([]);
});
