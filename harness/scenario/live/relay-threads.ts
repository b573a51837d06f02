import { Worker } from 'node:worker_threads';
import { siblingModule } from '../../../src/sibling-module.ts';

/** A thread that relays one live scenario after the other: live-worker.ts. */
export interface RelayThread {
  readonly worker: Worker;
  /** So many scenarios it has been given. */
  jobs: number;
}

/** Then a thread is replaced: what an earlier scenario may have left behind stays bounded, as do the listeners of its watches. */
const MAX_JOBS = 8;

/**
 * The threads of live relays. To start one costs ten times as much as a scenario does in it, so one whose scenario has come to its
 * end, with all connections closed, is used again; one in which something got stuck never is. Whoever makes it closes it.
 */
export class RelayThreads {
  readonly #idle: RelayThread[] = [];
  #failure: Error | null = null;

  /** One that has nothing to do. */
  take(): RelayThread {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    // The parent's flags are not the relay's business.
    const worker = new Worker(siblingModule(import.meta.url, 'live-worker'), { execArgv: [] });
    worker.on('error', (error: Error) => {
      const at = this.#idle.findIndex((thread) => thread.worker === worker);
      if (at === -1) return;
      // Nobody waits for this one: it is told at the end.
      this.#idle.splice(at, 1);
      this.#failure ??= error;
    });
    return { worker, jobs: 0 };
  }

  /** One whose scenario is over for good. */
  async giveBack(thread: RelayThread): Promise<void> {
    thread.jobs += 1;
    if (thread.jobs < MAX_JOBS) this.#idle.push(thread);
    else await thread.worker.terminate();
  }

  /** Ends those that are idle. Throws what one of them has failed with after its scenario was over. */
  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map(({ worker }) => worker.terminate()));
    if (this.#failure !== null) throw this.#failure;
  }
}
