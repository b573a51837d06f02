import { Session } from 'node:inspector';
import { sessionClient, workerClient, type InspectorClient } from './inspector-client.ts';

/** Keeps the main thread busy for as long as it takes to send it two messages. */
const HOLD_MAIN = 'void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)';

/** A way to the inspector of a thread, and what lets go of it. */
export interface ReachedThread {
  readonly client: InspectorClient;
  readonly close: () => Promise<void>;
}

/**
 * Reaches another thread of this process from a Worker, frozen or not. Rejects with INSPECTOR_FAILED if it is not there.
 *
 * @param threadId of a Worker that the main thread has started; 0 for the main thread.
 */
export async function reachThread(threadId: number): Promise<ReachedThread> {
  const session = new Session();
  session.connectToMainThread();
  const main = sessionClient(session);
  const disconnect = (): void => {
    session.disconnect();
  };
  if (threadId === 0) return { client: main, close: () => Promise.resolve(disconnect()) };
  try {
    const client = await workerClient(main, threadId);
    const close = (): Promise<void> => {
      // The main thread then finds both messages of the close together, and detaches before a thread that ends has gone:
      // a message that reaches it just then aborts the process (Node 26.10, MainThreadInterface::Post).
      if (client.isDebugging) main.post('Runtime.evaluate', { expression: HOLD_MAIN }).catch(() => undefined);
      return client.close().finally(disconnect);
    };
    return { client, close };
  } catch (error) {
    disconnect();
    throw error;
  }
}
