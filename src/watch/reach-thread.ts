import { Session } from 'node:inspector';
import { sessionClient, workerClient, type InspectorClient } from './inspector-client.ts';

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
    return { client, close: () => client.close().finally(disconnect) };
  } catch (error) {
    disconnect();
    throw error;
  }
}
