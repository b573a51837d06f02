import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { systemClock } from '../../../src/poll/clock.ts';
import { Pulse } from '../../../src/watch/pulse.ts';
import { threadTimes } from '../../../src/watch/thread-state.ts';
import type { GuardMessage, LentRing } from './guard-desk.ts';
import { GuardWatch } from './guard-watch.ts';
import { GuardWord } from './guard-words.ts';
import type { StuckThread } from './stuck-thread.ts';

/** What a guarded thread hands to its watchdog. */
export interface GuardJob {
  readonly words: Int32Array<SharedArrayBuffer>;
  /** The watchdog's end of the channel whose other end answers pings. */
  readonly pings: MessagePort;
  /** Of the guarded thread; 0 for the main thread of a fork. */
  readonly threadId: number;
  readonly folder: string;
  readonly blockedLimitMs: number | null;
  /** On GitHub, the folder that its paths are shown from. */
  readonly githubTop: string | null;
}

/**
 * The watchdog of one guarded thread, in a thread of its own. It is small, and loads what it takes to look into a stuck
 * thread once there is one.
 */

// Nothing else starts this module.
const job = workerData as GuardJob;
const { words, pings, threadId } = job;
const tid = (): number => Atomics.load(words, Pulse.TID);

let file = '';
let root = '';
let told: Partial<Extract<GuardMessage, { kind: 'tests' }>> = {};
let takeRings: (rings: readonly LentRing[]) => void = () => undefined;

const thread: StuckThread = {
  name: threadId === 0 ? 'main' : `worker ${threadId}`,
  threadId,
  pulse: words,
  ping: () => {
    pings.postMessage(null);
  },
  times: () => threadTimes(tid()),
  inspect: async () => (await import('../../../src/watch/reach-thread.ts')).reachThread(threadId),
  known: () => {
    const number = words[GuardWord.TEST] ?? 0;
    const { tests = [], hookMs } = told;
    const test = tests[number - 1];
    const here = { root, file, ...(hookMs === undefined ? {} : { hookMs }) };
    return test === undefined ? here : { ...here, ...test, after: tests.length - number };
  },
  nextRings: () =>
    new Promise((resolve) => {
      takeRings = resolve;
    }),
};

pings.on('message', (message: GuardMessage) => {
  switch (message.kind) {
    case 'file':
      ({ file, root } = message);
      told = {};
      break;
    case 'tests':
      told = message;
      break;
    case 'rings':
      takeRings(message.rings);
      break;
  }
});

new GuardWatch(thread, job, systemClock).start();
// Keeps this thread alive as long as its parent is.
parentPort?.on('message', () => undefined);
