import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { CopyCounts } from '../../../src/copy/copy-error.ts';
import type { Direction } from '../../../src/poll/direction.ts';
import { siblingModule } from '../../../src/sibling-module.ts';
import { readRing } from '../../../src/trace/read-ring.ts';
import type { TraceEvent } from '../../../src/trace/trace-event.ts';
import type { Verdict } from '../../../src/trace/trace-note.ts';
import { superviseWorker, type WorkerWatch } from '../../../src/watch/supervise-worker.ts';
import { workerLink } from '../../../src/watch/worker-link.ts';
import type { RunOutcomeName } from '../scenario.ts';
import type { LiveJob, LiveMessage } from './live-job.ts';

/** What became of a live relay, as far as it is known. */
export interface LiveFate {
  readonly outcome: RunOutcomeName;
  readonly direction: Direction | null;
  /** Of the error; where the relay made no copy, of what its client saw. */
  readonly code: string | null;
  readonly counts?: CopyCounts;
}

type Ended = Extract<LiveMessage, { kind: 'ended' }>;

/** The relay of a live scenario: a Worker under supervision. */
export class LiveRelay {
  readonly port: number;
  /** Settles if it is seen to be stuck. */
  readonly stuck: Promise<LiveFate>;
  /** The faults that have fired, as the trace has them. */
  readonly fired = new Set<string>();
  readonly #watch: WorkerWatch;
  #onFired: () => void = () => undefined;
  readonly #told = new Map<number, LiveFate>();
  readonly #waiting = new Map<number, (fate: LiveFate) => void>();

  private constructor(worker: Worker, watch: WorkerWatch, port: number, stuck: Promise<LiveFate>) {
    this.port = port;
    this.stuck = stuck;
    this.#watch = watch;
    worker.on('message', (message: LiveMessage) => {
      if (message.kind === 'ended') this.#tell(message);
      if (message.kind === 'fired') {
        this.fired.add(message.fault);
        this.#onFired();
      }
    });
  }

  static async start(
    job: Omit<LiveJob, 'watched'>,
    { tracePath, title }: { readonly tracePath: string | undefined; readonly title: string },
  ): Promise<LiveRelay> {
    const link = workerLink();
    const { watched, transferList } = link;
    const workerData: LiveJob = { ...job, watched };
    const url = siblingModule(import.meta.url, 'live-worker');
    // The parent's flags are not the relay's business.
    const worker = new Worker(url, { workerData, transferList, execArgv: [] });
    const stuck = Promise.withResolvers<LiveFate>();
    const watch = superviseWorker(worker, link, {
      ...(tracePath === undefined ? {} : { tracePath }),
      about: { writer: 'relayscope', title, dialect: job.dialect },
      onVerdict: (verdict) => {
        const fate = fateOf(verdict);
        if (fate !== null) stuck.resolve(fate);
      },
    });
    try {
      // The first message is always this one: live-worker.ts. What it throws before comes as an error.
      const [{ port }] = (await once(worker, 'message')) as [Extract<LiveMessage, { kind: 'listening' }>];
      worker.on('error', stuck.reject);
      return new LiveRelay(worker, watch, port, stuck.promise);
    } catch (error) {
      await watch.end();
      throw error;
    }
  }

  /** How a connection ended, by its number from 1; never, if it does not. */
  ended(connection: number): Promise<LiveFate> {
    return new Promise((resolve) => {
      const told = this.#told.get(connection);
      if (told === undefined) this.#waiting.set(connection, resolve);
      else resolve(told);
    });
  }

  /** Settles once so many faults have fired: some act on what comes after the copy has ended, such as a Close. */
  firedAll(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#onFired = () => {
        if (this.fired.size >= count) resolve();
      };
      this.#onFired();
    });
  }

  waits(): string[] {
    return this.#watch.waits();
  }

  events(): TraceEvent[] {
    return this.#watch.ring === null ? [] : readRing(this.#watch.ring);
  }

  async end(): Promise<void> {
    await this.#watch.end();
  }

  #tell({ connection, code, direction, counts }: Ended): void {
    const fate: LiveFate = { outcome: code === null ? 'completed' : 'failed', code, direction, counts };
    this.#told.set(connection, fate);
    this.#waiting.get(connection)?.(fate);
  }
}

/** Null: not stuck for good, such as a busy start. */
function fateOf({ outcome, direction }: Verdict): LiveFate | null {
  if (outcome !== 'spinning' && outcome !== 'livelocked' && outcome !== 'parked') return null;
  return { outcome, direction: direction ?? null, code: null };
}
