import { once } from 'node:events';
import { join } from 'node:path';
import { Session } from 'node:inspector';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test, vi } from 'vitest';
import { systemClock } from '../../src/poll/clock.ts';
import { siblingModule } from '../../src/sibling-module.ts';
import { readRing } from '../../src/trace/read-ring.ts';
import type { Verdict } from '../../src/trace/trace-note.ts';
import { captureStack } from '../../src/watch/capture-stack.ts';
import { sessionClient, workerClient } from '../../src/watch/inspector-client.ts';
import { superviseWorker, type SuperviseWorkerOptions } from '../../src/watch/supervise-worker.ts';
import { workerLink } from '../../src/watch/worker-link.ts';
import { itemsOf, readTrace } from './support/read-trace.ts';
import { scratch } from './support/scratch.ts';

/** A Worker that gets stuck in the way that is named, once it is told to. */
function supervise(kind: string, options: SuperviseWorkerOptions = {}) {
  const link = workerLink();
  const { watched, transferList } = link;
  const worker = new Worker(siblingModule(import.meta.url, 'support/stuck-worker'), {
    workerData: { watched, kind },
    transferList,
    execArgv: [],
  });
  const verdicts: Verdict[] = [];
  const waiting: (() => void)[] = [];
  const watch = superviseWorker(worker, link, {
    ...options,
    onVerdict: (verdict) => {
      verdicts.push(verdict);
      for (const hear of waiting.splice(0)) hear();
    },
  });
  onTestFinished(async () => {
    await watch.end();
  });
  const verdict = async (number: number): Promise<Verdict> => {
    for (;;) {
      const one = verdicts[number];
      if (one !== undefined) return one;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  };
  return { worker, watch, verdicts, verdict };
}

test('a Worker whose copy spins gets its verdict and its stack, and is ended when told to', async () => {
  const tracePath = join(scratch(), 'worker.trace');
  const { worker, watch, verdict, verdicts } = supervise('spin', { tracePath, about: { title: 'a Worker' } });
  worker.postMessage('go');
  expect(await verdict(0)).toMatchObject({ outcome: 'spinning', where: 'copy', connection: 1, direction: 'a -> b' });
  expect(readRing(watch.ring ?? new SharedArrayBuffer(0)).map(({ kind }) => kind)).toEqual([
    'poll',
    'read',
    'write',
    'loop',
  ]);
  // On a busy machine the stack may come after the verdict.
  while (!verdicts.some(({ message }) => message.includes('pos 69, cap 68')))
    await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await watch.end()).toBe(true);
  const { items, events } = await readTrace(tracePath);
  expect(itemsOf(items, 'about')[0]?.about).toMatchObject({ title: 'a Worker', pid: process.pid });
  expect(itemsOf(items, 'stack')[0]?.note.thread).toBe(`worker ${itemsOf(items, 'stack')[0]?.note.thread.slice(7)}`);
  expect(itemsOf(items, 'stack')[0]?.note.frames.some(({ function: name }) => name.startsWith('CopyBuffer.'))).toBe(
    true,
  );
  expect(events).toHaveLength(4);
  expect(itemsOf(items, 'end')[0]?.note.reason).toBe('closed');
});

// A message of the inspector that reaches a Worker just as it ends aborts the whole process.
test('a Worker that is looked into is ended once nobody does', async () => {
  const { worker, watch } = supervise('spin');
  const begun = vi.spyOn(Session.prototype, 'connect');
  const over = vi.spyOn(Session.prototype, 'disconnect');
  onTestFinished(() => {
    begun.mockRestore();
    over.mockRestore();
  });
  const looks = (): number => begun.mock.calls.length - over.mock.calls.length;
  const looksAtTheEnd: number[] = [];
  vi.spyOn(worker, 'terminate').mockImplementation(() => {
    looksAtTheEnd.push(looks());
    return Worker.prototype.terminate.call(worker);
  });
  worker.postMessage('go');
  await vi.waitUntil(() => looks() > 0, { interval: 1, timeout: 10_000 });
  expect(await watch.end()).toBe(true);
  expect(looksAtTheEnd[0]).toBe(0);
});

test('a Worker that waits for its peers is not stuck, and says what it waits for', async () => {
  const { worker, watch, verdicts } = supervise('wait');
  worker.postMessage('go');
  while (watch.waits().length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(watch.waits().map((wait) => wait.replace(/since .*/, ''))).toEqual([
    '1: a -> b waits for a to send, ',
    '1: b -> a waits for b to send, ',
  ]);
  expect(verdicts).toEqual([]);
});

test('a Worker that a debugger holds is let alone, and judged once it is let go', async () => {
  const { worker, verdict, verdicts } = supervise('spin');
  await once(worker, 'online');
  const session = new Session();
  session.connect();
  const debug = await workerClient(sessionClient(session), worker.threadId);
  const keepAlive = setInterval(() => undefined, 1000);
  onTestFinished(() => {
    clearInterval(keepAlive);
    session.disconnect();
  });
  worker.postMessage('go');
  await once(worker, 'message');
  const capture = await captureStack(debug, { clock: systemClock, timeoutMs: 5000, keepPaused: true });
  expect(capture.kind).toBe('paused');
  const heldMs = systemClock.nowMs();
  // Any verdict would have come by then.
  while (systemClock.nowMs() < heldMs + 1500) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(verdicts).toEqual([]);
  await debug.close();
  expect(await verdict(0)).toMatchObject({ outcome: 'spinning', where: 'copy' });
});

test('a Worker that ends by itself ends the watch, and its trace', async () => {
  const tracePath = join(scratch(), 'worker.trace');
  const { worker } = supervise('end', { tracePath });
  worker.postMessage('go');
  await once(worker, 'exit');
  const { items } = await readTrace(tracePath);
  expect(itemsOf(items, 'end')[0]?.note.reason).toBe('exit');
});

test('limits out of range are refused', () => {
  const link = workerLink();
  onTestFinished(() => {
    link.port.close();
  });
  const worker = new Worker('', { eval: true });
  expect(() => superviseWorker(worker, link, { limitMs: 10 })).toThrow(
    'Wrong option limitMs of a watchdog: expected milliseconds, 50 to 3600000, got 10',
  );
});
