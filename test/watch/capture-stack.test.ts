import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { Session } from 'node:inspector';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import type { Clock } from '../../src/poll/clock.ts';
import type { StackFrame } from '../../src/trace/trace-note.ts';
import { captureStack, type Capture, type CaptureOptions } from '../../src/watch/capture-stack.ts';
import { sessionClient, workerClient, type InspectorClient } from '../../src/watch/inspector-client.ts';

/** Keeps the event loop alive, as whoever captures has to. */
const clock: Clock = {
  nowMs: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
};

const PRELUDE = `
  const { parentPort } = require('node:worker_threads');
  const rounds = new Int32Array(new SharedArrayBuffer(4));
  parentPort.postMessage(rounds);`;

const SPIN = `${PRELUDE}
  class CopyBuffer {
    pos = 69; cap = 68; readDone = false; #len = 2048; buf = new Uint8Array(2048); text = 'x'.repeat(1000);
    get trap() { throw new Error('called'); }
    pollCopy() {
      let iterations = 0;
      const plain = { pos: 69, readDone: false, name: 'a -> b', get trap() { throw new Error('called'); }, run() {} };
      while (this.pos !== this.cap) { iterations += plain.readDone ? 0 : 1; Atomics.store(rounds, 0, iterations); }
    }
  }
  function poll() { new CopyBuffer().pollCopy(); }
  poll();`;

const MICROTASKS = `${PRELUDE}
  async function pump() { let waits = 0; for (;;) { await null; waits += 1; Atomics.add(rounds, 0, 1); } }
  pump();`;

/** Stands in a system call as long as the file is there, which its child makes. */
const blockedBy = (file: string): string => `${PRELUDE}
  require('node:child_process').execFileSync('sh', ['-c', 'touch "$0"; while [ -e "$0" ]; do sleep 0.05; done', ${JSON.stringify(file)}]);`;

const cleanups: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** A Worker that runs `source` and stands still. */
async function frozen(source: string): Promise<{ threadId: number; rounds: Int32Array }> {
  const worker = new Worker(source, { eval: true });
  cleanups.push(() => worker.terminate());
  const [rounds] = (await once(worker, 'message')) as [Int32Array];
  return { threadId: worker.threadId, rounds };
}

/** A way to its inspector. */
async function inspect({ threadId }: { threadId: number }): Promise<InspectorClient> {
  const session = new Session();
  session.connect();
  cleanups.push(() => {
    session.disconnect();
  });
  const client = await workerClient(sessionClient(session), threadId);
  cleanups.push(() => client.close());
  return client;
}

function framesOf(capture: Capture): readonly StackFrame[] {
  if (capture.kind !== 'paused') throw new Error(`expected a pause, got ${capture.kind}`);
  return capture.frames;
}

/** Whether the thread goes round: its count moves while we look. */
async function moves(rounds: Int32Array): Promise<boolean> {
  const before = Atomics.load(rounds, 0);
  for (let looks = 0; looks < 500; looks += 1) {
    if (Atomics.load(rounds, 0) !== before) return true;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return false;
}

const capture = (client: InspectorClient, options: Omit<CaptureOptions, 'clock'> = {}): Promise<Capture> =>
  captureStack(client, { clock, timeoutMs: 5000, ...options });

test('a loop that never ends is seen with its locals and those of its object, and goes on', async () => {
  const worker = await frozen(SPIN);
  const { rounds } = worker;
  await moves(rounds);
  const frames = framesOf(await capture(await inspect(worker)));
  expect(frames.slice(0, 2).map((frame) => frame.function)).toEqual(['CopyBuffer.pollCopy', 'poll']);
  expect(frames[0]?.line).toBeGreaterThan(1);
  const locals = new Map(frames[0]?.locals.map(({ name, value }) => [name, value]));
  expect(Number(locals.get('iterations'))).toBeGreaterThan(0);
  expect(Object.fromEntries(locals)).toMatchObject({
    plain: '{ pos: 69, readDone: false, name: "a -> b" }',
    'this.pos': '69',
    'this.cap': '68',
    'this.readDone': 'false',
    'this.#len': '2048',
    'this.buf': 'Uint8Array(2048)',
    'this.text': `"${'x'.repeat(119)}…`,
  });
  expect(locals.has('this.trap')).toBe(false);
  expect(await moves(rounds)).toBe(true);
});

test('a loop of microtasks is seen in the function of the user, not in Node’s own', async () => {
  const worker = await frozen(MICROTASKS);
  const client = await inspect(worker);
  for (let times = 0; times < 5; times += 1) {
    const frames = framesOf(await capture(client));
    expect(frames[0]).toMatchObject({ function: 'pump' });
    expect(frames[0]?.locals[0]?.name).toBe('waits');
  }
  expect(await moves(worker.rounds)).toBe(true);
});

test('a thread that is in a system call does not pause, and says so', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'relayscope-blocked-')), 'blocked');
  const worker = await frozen(blockedBy(file));
  cleanups.push(() => {
    rmSync(dirname(file), { recursive: true });
  });
  while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 1));
  const client = await inspect(worker);
  expect(await capture(client, { timeoutMs: 200 })).toEqual({ kind: 'not-paused' });
});

test('what another debugger holds is left alone, and stays paused', async () => {
  const worker = await frozen(SPIN);
  await moves(worker.rounds);
  expect((await capture(await inspect(worker), { keepPaused: true })).kind).toBe('paused');
  expect(await moves(worker.rounds)).toBe(false);
  expect(await capture(await inspect(worker))).toEqual({ kind: 'held' });
  expect(await moves(worker.rounds)).toBe(false);
});

test('while it is paused, it can be asked', async () => {
  const worker = await frozen(SPIN);
  const answers: unknown[] = [];
  await capture(await inspect(worker), {
    whilePaused: async (paused) => {
      answers.push(await paused.post('Runtime.evaluate', { expression: '6 * 7', returnByValue: true }));
    },
  });
  expect(answers).toMatchObject([{ result: { value: 42 } }]);
});

test('a Worker that is not there is a typed error', async () => {
  await expect(inspect({ threadId: 4711 })).rejects.toMatchObject({ code: 'INSPECTOR_FAILED' });
});
