import type { Clock } from '../../../src/poll/clock.ts';
import { within, type InspectorClient } from '../../../src/watch/inspector-client.ts';
import type { StuckThread } from './stuck-thread.ts';

export interface EndOptions {
  readonly clock: Clock;
  /** Has the thread leave as soon as it goes on; null if it cannot be asked. */
  readonly leave: (() => Promise<unknown>) | null;
}

/** What was told to vitest is on its way, and is lost if the process is gone at once. */
const GRACE_MS = 100;
const LEAVE_TIMEOUT_MS = 500;

/** Ends the worker that is stuck: a fork by a signal, a thread from within, because its process is vitest itself. */
export async function endThread(thread: StuckThread, client: InspectorClient, options: EndOptions): Promise<void> {
  const { clock, leave } = options;
  await new Promise<void>((resolve) => {
    clock.after(GRACE_MS, resolve);
  });
  if (thread.threadId === 0) {
    process.kill(process.pid, 'SIGKILL');
    return;
  }
  if (leave === null) return;
  await within(leave(), LEAVE_TIMEOUT_MS, clock).catch(() => null);
  // One that stands in the debugger would not even end.
  await within(client.post('Debugger.disable'), LEAVE_TIMEOUT_MS, clock).catch(() => null);
}
