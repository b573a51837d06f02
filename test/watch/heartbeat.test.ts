import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import type { Clock } from '../../src/poll/clock.ts';
import { watchHeartbeat } from '../../src/watch/watch-heartbeat.ts';

/** A clock that a test moves, one timer at a time. */
class ManualClock implements Clock {
  #nowMs = 0;
  #timer: { atMs: number; callback: () => void } | null = null;

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    this.#timer = { atMs: this.#nowMs + delayMs, callback };
    return () => {
      this.#timer = null;
    };
  }

  /** Lets time pass; a timer that is due fires once, however late. */
  advance(ms: number): void {
    this.#nowMs += ms;
    const timer = this.#timer;
    if (timer === null || timer.atMs > this.#nowMs) return;
    this.#timer = null;
    timer.callback();
  }
}

function watch(): { clock: ManualClock; beat: () => void; frozen: number[]; stop: () => void } {
  const clock = new ManualClock();
  const buffer = new SharedArrayBuffer(4);
  const frozen: number[] = [];
  const stop = watchHeartbeat(buffer, (silentMs) => frozen.push(silentMs), { clock });
  return { clock, frozen, stop, beat: () => Atomics.add(new Int32Array(buffer), 0, 1) };
}

test('silence beyond the limit is a freeze, said once', () => {
  const { clock, frozen } = watch();
  for (let i = 0; i < 13; i += 1) clock.advance(20);
  expect(frozen).toEqual([260]);
  for (let i = 0; i < 100; i += 1) clock.advance(20);
  expect(frozen).toEqual([260]);
});

test('a thread that beats is not frozen', () => {
  const { clock, frozen, beat } = watch();
  for (let i = 0; i < 100; i += 1) {
    if (i % 10 === 0) beat();
    clock.advance(20);
  }
  expect(frozen).toEqual([]);
});

test('a watcher that was suspended itself begins anew', () => {
  const { clock, frozen } = watch();
  clock.advance(200);
  clock.advance(5000);
  for (let i = 0; i < 12; i += 1) clock.advance(20);
  expect(frozen).toEqual([]);
  clock.advance(20);
  expect(frozen).toEqual([260]);
});

test('an ended watch says nothing', () => {
  const { clock, frozen, stop } = watch();
  clock.advance(20);
  stop();
  for (let i = 0; i < 30; i += 1) clock.advance(20);
  expect(frozen).toEqual([]);
});

test('a real thread that falls into a loop is seen to freeze', async () => {
  const buffer = new SharedArrayBuffer(4);
  const source = `
    const { workerData } = require('node:worker_threads');
    import(${JSON.stringify(new URL('../../src/watch/heartbeat.ts', import.meta.url).href)}).then(({ startHeartbeat }) => {
      startHeartbeat(workerData);
      setTimeout(() => { for (;;); }, 50);
    });`;
  const worker = new Worker(source, { eval: true, workerData: buffer });
  try {
    const silentMs = await new Promise<number>((resolve) => {
      const wait = setInterval(() => {
        if (Atomics.load(new Int32Array(buffer), 0) === 0) return;
        clearInterval(wait);
        watchHeartbeat(buffer, resolve);
      }, 5);
    });
    expect(silentMs).toBeGreaterThan(250);
  } finally {
    await worker.terminate();
  }
});
