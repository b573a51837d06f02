import { sleep, type Clock } from '../../../src/poll/clock.ts';
import { within, type InspectorClient } from '../../../src/watch/inspector-client.ts';
import type { StuckThread } from './stuck-thread.ts';

/** What a thread that stands in the debugger can be asked to do. */
export type AskDesk = (call: string) => Promise<unknown>;

/** What was told to vitest is on its way, and is lost if the process is gone at once. */
const GRACE_MS = 100;
const ANSWER_INTERVAL_MS = 50;
/** A thread ends by itself after so many answers to the pool; a fork is ended by the pool as soon as it has had one. */
const THREAD_ANSWERS = 4;
const FORK_ANSWERS = 40;
const LEAVE_TIMEOUT_MS = 500;

export interface EndOptions {
  readonly clock: Clock;
  /** Vitest has been told how the file has ended. */
  readonly isTold: boolean;
}

/** Ends a worker that stands in the debugger: a fork by a signal, a thread from within, because its process is vitest itself. */
export async function endThread(thread: StuckThread, ask: AskDesk, options: EndOptions): Promise<void> {
  const { clock, isTold } = options;
  await sleep(GRACE_MS, clock);
  if (isTold && (await ask(`answerPool('testfileFinished')`)) === true) await answerPool(thread, ask, clock);
  if (thread.threadId === 0) {
    endProcess();
    return;
  }
  await within(ask('leave()'), LEAVE_TIMEOUT_MS, clock).catch(() => null);
  // It ends once it is let go, which whoever looked does by closing: see reachThread.
}

/** Ends a fork that answers nothing any more; a thread in a call cannot be ended from here. */
export function endProcess(): void {
  process.kill(process.pid, 'SIGKILL');
}

/**
 * The pool asks a worker that has finished to stop, and then waits for its answer for a minute. An answer that comes before
 * it listens is lost, so there are several.
 */
async function answerPool(thread: StuckThread, ask: AskDesk, clock: Clock): Promise<void> {
  const answers = thread.threadId === 0 ? FORK_ANSWERS : THREAD_ANSWERS;
  for (let count = 0; count < answers; count += 1) {
    await sleep(ANSWER_INTERVAL_MS, clock);
    await ask(`answerPool('stopped')`);
  }
}

/** Lets a thread that we hold in the debugger go on. */
export async function letGo(client: InspectorClient, clock: Clock): Promise<void> {
  await within(client.post('Debugger.disable'), LEAVE_TIMEOUT_MS, clock);
}
