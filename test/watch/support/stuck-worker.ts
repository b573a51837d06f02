import { parentPort, workerData } from 'node:worker_threads';
import { copyBidirectional } from '../../../src/copy/copy-bidirectional.ts';
import type { Context } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import { joinWatch, type WatchedEnd } from '../../../src/watch/worker-link.ts';

/** Gets stuck as its test says, once it is told to. */

const { watched, kind } = workerData as { watched: WatchedEnd; kind: 'spin' | 'wait' | 'end' };
const recorder = joinWatch(watched);

const wait = (context: Context): number => {
  context.register();
  return PENDING;
};
const idle: PollStream = {
  pollRead: wait,
  pollWrite: (_context, _bytes, start, end) => end - start,
  pollFlush: () => 0,
  pollShutdown: () => 0,
};

parentPort?.once('message', () => {
  if (kind === 'end') return;
  const source: PollStream = { ...idle, ...(kind === 'spin' ? { pollRead: () => 68 } : {}) };
  const target: PollStream = { ...idle, pollWrite: (_context, _bytes, start, end) => end - start + 1 };
  // It is stuck, and never ends.
  void copyBidirectional(source, target, { recorder, dialect: 'tokio-1.9.0' });
  parentPort?.postMessage('stuck from the next turn on');
  // Waits as a relay does: for ever.
  setInterval(() => undefined, 1000);
});
