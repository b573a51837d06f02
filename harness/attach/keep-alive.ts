import { MessageChannel } from 'node:worker_threads';

/** Keeps this process running while `work` waits for a clock, whose timers do not. */
export async function keepAlive<T>(work: () => Promise<T>): Promise<T> {
  const { port1, port2 } = new MessageChannel();
  port1.ref();
  try {
    return await work();
  } finally {
    port1.close();
    port2.close();
  }
}
