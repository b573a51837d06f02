import { expect, test } from 'vitest';
import { RelayThreads } from '../../harness/scenario/live/relay-threads.ts';
import { parseScenarioObject } from '../../harness/scenario/parse-scenario.ts';
import { runDocument } from '../../harness/scenario/run-document.ts';

const ENDS = {
  title: 'Both ways',
  dialects: ['checked'],
  live: { relay: 'plain', client: [{ send: 'ping' }, 'end'], origin: [{ receive: 4 }, 'end'] },
  expect: { outcome: 'completed', counts: { aToB: 4, bToA: 0 }, delivered: { aToB: 'ping' } },
};
const HANGS = {
  ...ENDS,
  live: { ...ENDS.live, origin: [], limitMs: 200 },
  expect: { outcome: 'parked', delivered: { aToB: 'ping' } },
};

async function failuresOf(scenario: object, threads: RelayThreads): Promise<number> {
  const document = { file: 'x.md', prose: '', scenario: parseScenarioObject(scenario) };
  return (await runDocument(document, { threads })).failures.length;
}

test('a thread whose scenario is over relays the next one, and one in which something hangs does not', async () => {
  const threads = new RelayThreads();
  expect(await failuresOf(ENDS, threads)).toBe(0);
  const first = threads.take();
  expect(first.jobs).toBe(1);
  await threads.giveBack(first);
  expect(await failuresOf(ENDS, threads)).toBe(0);
  expect(first.jobs).toBe(3);
  expect(await failuresOf(HANGS, threads)).toBe(0);
  const next = threads.take();
  expect(next).not.toBe(first);
  await next.worker.terminate();
  await threads.close();
});

test('a thread is replaced after eight scenarios', async () => {
  const threads = new RelayThreads();
  const first = threads.take();
  for (let job = 1; job < 8; job += 1) {
    await threads.giveBack(first);
    expect(threads.take()).toBe(first);
  }
  await threads.giveBack(first);
  const next = threads.take();
  expect(next).not.toBe(first);
  await next.worker.terminate();
  await threads.close();
});

test('what breaks in a thread after its scenario is over is told when the threads are closed', async () => {
  const threads = new RelayThreads();
  const thread = threads.take();
  await threads.giveBack(thread);
  const exited = new Promise((resolve) => thread.worker.once('exit', resolve));
  // No job: the thread fails on it.
  thread.worker.postMessage(null);
  await exited;
  await expect(threads.close()).rejects.toThrow(TypeError);
});
