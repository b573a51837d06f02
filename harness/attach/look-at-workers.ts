import { RelayscopeError } from '../../src/errors.ts';
import { workerClient, type InspectorClient } from '../../src/watch/inspector-client.ts';
import { judgeThread, type Judgement } from './judge-thread.ts';
import { lookAtThread, type LookOptions } from './look-at-thread.ts';
import { reportSockets, type SocketReport } from './socket-report.ts';

export interface WorkerLook {
  /** `worker 3`. */
  readonly thread: string;
  readonly judgement: Judgement;
  readonly sockets: readonly SocketReport[];
}

/** Each takes about a second when it stands still. */
const MAX_WORKERS = 16;

/** The Workers of a process, one after the other, through its main thread's inspector. */
export async function lookAtWorkers(main: InspectorClient, options: LookOptions): Promise<WorkerLook[]> {
  const looks: WorkerLook[] = [];
  for (const threadId of await workersOf(main)) {
    if (options.signal.aborted) break;
    const look = await lookAtWorker(main, threadId, options).catch((error: unknown) => {
      // It has ended meanwhile.
      if (error instanceof RelayscopeError && error.code === 'INSPECTOR_FAILED') return null;
      throw error;
    });
    if (look !== null) looks.push(look);
  }
  return looks;
}

async function lookAtWorker(main: InspectorClient, threadId: number, options: LookOptions): Promise<WorkerLook> {
  const client = await workerClient(main, threadId);
  try {
    const look = await lookAtThread(client, options);
    const inside = look.kind === 'turning' ? [look.before, look.after] : [];
    const at = (index: number) => ({ inside: inside[index]?.sockets ?? null, kernel: null });
    const sockets = reportSockets(at(0), at(1));
    return { thread: `worker ${threadId}`, judgement: judgeThread(look, sockets), sockets };
  } finally {
    await client.close();
  }
}

async function workersOf(main: InspectorClient): Promise<number[]> {
  const threadIds: number[] = [];
  const stop = main.on('NodeWorker.attachedToWorker', (params) => {
    // The title is `[worker 3]` and a name, as node:inspector documents.
    const { title } = (params as { workerInfo: { title: string } }).workerInfo;
    const threadId = Number(/^\[worker (\d+)\]/.exec(title)?.[1] ?? Number.NaN);
    // A watchdog of ours in there waits for its own program, and is none of it.
    if (Number.isSafeInteger(threadId) && !title.includes('relayscope watchdog')) threadIds.push(threadId);
  });
  // Every Worker that exists is told before the command is answered.
  await main.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
  stop();
  await main.post('NodeWorker.disable');
  return threadIds.slice(0, MAX_WORKERS);
}
