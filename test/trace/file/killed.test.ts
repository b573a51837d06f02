import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../../../src/poll/clock.ts';
import { openTrace } from '../../../src/trace/file/open-trace.ts';
import { collect, positions, seqs } from './sample.ts';

function url(file: string): string {
  return JSON.stringify(new URL(`../../../src/trace/${file}`, import.meta.url).href);
}

/** A program that records 100 numbered events a turn, while a Worker of its writes them to disk every 5 ms. */
const WRITER = `
  const { parentPort, workerData } = require('node:worker_threads');
  Promise.all([import(${url('file/trace-writer.ts')}), import(${url('file/ring-flusher.ts')})])
    .then(([{ TraceWriter }, { RingFlusher }]) => {
      const flusher = new RingFlusher(workerData.ring, new TraceWriter(workerData.path));
      setInterval(() => flusher.flush(), 5);
      parentPort.postMessage('writes');
    });`;
const PROGRAM = `
  import { Worker } from 'node:worker_threads';
  import { Recorder } from ${url('recorder.ts')};
  const recorder = new Recorder();
  const workerData = { ring: recorder.buffer, path: process.argv[1] };
  const worker = new Worker(${JSON.stringify(WRITER)}, { eval: true, execArgv: [], workerData });
  let pos = 0;
  worker.once('message', () => {
    setInterval(() => {
      for (let i = 0; i < 100; i += 1) recorder.event(2, 1, pos++, 0, 0, 0);
      if (pos === 20_000) process.stdout.write('recorded');
    }, 1);
  });`;

test('what a program had recorded is there after SIGKILL, in order and whole', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'relayscope-killed-'));
  const path = join(folder, 'killed.trace');
  const program = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const over = once(program, 'exit').then(() => {
      throw new Error('The program ended by itself');
    });
    await Promise.race([once(program.stdout, 'data'), over]);
    // Any of them must be on disk at some time, and the program is killed while it records the next ones.
    for (let looks = 0; looks < 500; looks += 1) {
      const items = await collect(openTrace(path));
      if (seqs(items).length >= 20_000) break;
      await new Promise<void>((resolve) => {
        systemClock.after(5, resolve);
        setImmediate(resolve);
      });
    }
    program.kill('SIGKILL');
    await over.catch(() => undefined);
    const items = await collect(openTrace(path));
    const numbers = seqs(items);
    expect(numbers.length).toBeGreaterThanOrEqual(20_000);
    expect(numbers.filter((seq, index) => seq !== index)).toEqual([]);
    expect(positions(items)).toEqual(numbers);
  } finally {
    program.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  }
});
