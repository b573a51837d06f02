import type { Session } from 'node:inspector';
import { RelayscopeError } from '../errors.ts';
import type { Clock } from '../poll/clock.ts';

/** What is needed of a debugger's connection: `node:inspector`, a Worker behind one, or a WebSocket to a process. */
export interface InspectorClient {
  /** One command of the Chrome DevTools Protocol. Rejects with INSPECTOR_FAILED, and when the connection ends. */
  post(method: string, params?: object): Promise<unknown>;
  /** @returns what unsubscribes. */
  on(event: string, listener: (params: unknown) => void): () => void;
}

/** A session of this process, connected to this thread's parent (`connectToMainThread`) or to this very thread. */
export function sessionClient(session: Session): InspectorClient {
  return {
    post: (method, params) =>
      new Promise((resolve, reject) => {
        session.post(method, params, (error, result) => {
          if (error === null) resolve(result);
          else reject(inspectorFailed(method, error.message, error));
        });
      }),
    on(event, listener) {
      const hear = ({ params }: { params: unknown }): void => {
        listener(params);
      };
      session.on(event, hear);
      return () => {
        session.off(event, hear);
      };
    },
  };
}

interface AttachedToWorker {
  readonly sessionId: string;
  readonly workerInfo: { readonly title: string };
}

/** A Worker seen through the inspector of its main thread; `close` lets go of it. */
export interface WorkerClient extends InspectorClient {
  /** Its debugger has been switched on, and not off again: closing does that. */
  readonly isDebugging: boolean;
  close(): Promise<void>;
}

/**
 * Reaches the Worker with a `threadId` through the main thread's NodeWorker domain: frozen or not, it answers from its
 * own inspector. Rejects with INSPECTOR_FAILED if there is no such Worker.
 */
export async function workerClient(main: InspectorClient, threadId: number): Promise<WorkerClient> {
  const found: string[] = [];
  const stop = main.on('NodeWorker.attachedToWorker', (params) => {
    // The protocol's event, as node:inspector documents it. Its `workerId` is not the threadId; the title has that.
    const { sessionId, workerInfo } = params as AttachedToWorker;
    if (workerInfo.title.startsWith(`[worker ${threadId}]`)) found.push(sessionId);
  });
  // Every Worker that exists is told before the command is answered.
  await main.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
  stop();
  const [sessionId] = found;
  if (sessionId === undefined) {
    await main.post('NodeWorker.disable');
    throw inspectorFailed('NodeWorker.enable', `expected a Worker with the threadId ${threadId}, found none`);
  }
  return new WorkerSession(main, sessionId);
}

interface Reply {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
  readonly method?: string;
  readonly params?: unknown;
}

class WorkerSession implements WorkerClient {
  readonly #main: InspectorClient;
  readonly #sessionId: string;
  readonly #waiting = new Map<number, { method: string; settle: (reply: Reply) => void }>();
  readonly #listeners = new Map<string, Set<(params: unknown) => void>>();
  readonly #stop: () => void;
  #last = 0;
  isDebugging = false;

  constructor(main: InspectorClient, sessionId: string) {
    this.#main = main;
    this.#sessionId = sessionId;
    const stopMessages = main.on('NodeWorker.receivedMessageFromWorker', (params) => {
      const { sessionId: from, message } = params as { sessionId: string; message: string };
      if (from === sessionId) this.#receive(JSON.parse(message) as Reply);
    });
    const stopDetached = main.on('NodeWorker.detachedFromWorker', (params) => {
      if ((params as { sessionId: string }).sessionId === sessionId) this.#end();
    });
    this.#stop = () => {
      stopMessages();
      stopDetached();
    };
  }

  post(method: string, params: object = {}): Promise<unknown> {
    if (method === 'Debugger.enable') this.isDebugging = true;
    if (method === 'Debugger.disable') this.isDebugging = false;
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve, reject) => {
      const settle = ({ error, result }: Reply): void => {
        if (error === undefined) resolve(result);
        else reject(inspectorFailed(method, error.message));
      };
      this.#waiting.set(id, { method, settle });
      const message = JSON.stringify({ id, method, params });
      this.#main.post('NodeWorker.sendMessageToWorker', { sessionId: this.#sessionId, message }).catch(reject);
    });
  }

  on(event: string, listener: (params: unknown) => void): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  async close(): Promise<void> {
    // A thread that we have paused would stay so, and could not even be terminated. One that is in a system call does not
    // answer, and need not. No message that is not needed: one that reaches a Worker just as it ends aborts the whole
    // process (Node 26.10, in MainThreadInterface::Post).
    if (this.isDebugging) this.post('Debugger.disable').catch(() => undefined);
    await this.#main.post('NodeWorker.disable');
    this.#end();
  }

  #receive(reply: Reply): void {
    if (reply.id === undefined) {
      for (const listener of this.#listeners.get(reply.method ?? '') ?? []) listener(reply.params);
      return;
    }
    this.#waiting.get(reply.id)?.settle(reply);
    this.#waiting.delete(reply.id);
  }

  #end(): void {
    this.#stop();
    for (const { settle } of this.#waiting.values()) settle({ error: { message: 'the Worker is gone' } });
    this.#waiting.clear();
  }
}

export function inspectorFailed(method: string, why: string, cause?: unknown): RelayscopeError {
  return new RelayscopeError('INSPECTOR_FAILED', `Inspector failed at ${method}: ${why}`, { cause });
}

/** The result of `work`, or null after `timeoutMs`; a thread that hangs in a system call never answers. */
export function within<T>(work: Promise<T>, timeoutMs: number, clock: Clock): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(timeoutMs, () => {
      resolve(null);
    });
    work.finally(cancel).then(resolve, reject);
  });
}
