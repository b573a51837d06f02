import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { sleep, systemClock } from '../../src/poll/clock.ts';
import { siblingModule } from '../../src/sibling-module.ts';
import type { TraceAbout, Verdict } from '../../src/trace/trace-note.ts';
import { superviseWorker, type WorkerWatch } from '../../src/watch/supervise-worker.ts';
import { workerLink, type WorkerLink } from '../../src/watch/worker-link.ts';
import type { RelayJob, RelayMessage } from './relay-job.ts';

/** What became of the copy, as seen from outside. */
export type RelayFate =
  | Exclude<RelayMessage, { kind: 'listening' }>
  /** The event loop of the relay no longer turns: the watchdog's verdict. */
  | { readonly kind: 'frozen'; readonly verdict: Verdict }
  /** Nothing was heard in time. */
  | { readonly kind: 'silent' };

/** A second look comes soon after the first, if that has seen no stack. */
const SECOND_LOOK_MS = 1500;

export interface RelayOptions {
  /** So long it gets until something must have been heard. */
  readonly limitMs: number;
  readonly signal: AbortSignal;
  /** Where its trace goes, if it makes one. */
  readonly tracePath: string | null;
  readonly about: TraceAbout;
}

/** The relay of one step in a Worker of its own, watched from this thread. */
export class SupervisedRelay {
  readonly port: number;
  /** Settles when the copy has ended, or cannot any more. */
  readonly fate: Promise<RelayFate>;
  readonly #watch: WorkerWatch;
  readonly #cancelLimit: () => void;
  readonly #secondVerdict: Promise<void>;

  private constructor(worker: Worker, link: WorkerLink, port: number, options: RelayOptions) {
    const { promise, resolve, reject } = Promise.withResolvers<RelayFate>();
    const second = Promise.withResolvers<void>();
    this.#secondVerdict = second.promise;
    let verdicts = 0;
    const { tracePath, about, limitMs } = options;
    this.port = port;
    this.fate = promise;
    this.#watch = superviseWorker(worker, link, {
      about,
      ...(tracePath === null ? {} : { tracePath }),
      onVerdict: (verdict) => {
        if (verdict.outcome !== 'spinning' && verdict.outcome !== 'blocked') return;
        resolve({ kind: 'frozen', verdict });
        verdicts += 1;
        if (verdicts > 1) second.resolve();
      },
    });
    worker.on('message', (message: RelayMessage) => {
      if (message.kind !== 'listening') resolve(message);
    });
    worker.on('error', reject);
    const nothing = (): void => {
      resolve({ kind: 'silent' });
    };
    worker.once('exit', nothing);
    this.#cancelLimit = systemClock.after(limitMs, nothing);
  }

  /** Starts the relay; resolves when it listens. Throws TRACE_UNWRITABLE. */
  static async start(job: Omit<RelayJob, 'watched'>, options: RelayOptions): Promise<SupervisedRelay> {
    const link = workerLink();
    const { watched, transferList } = link;
    const workerData: RelayJob = { ...job, watched };
    const url = siblingModule(import.meta.url, 'relay-worker');
    // The parent's flags and environment are not the relay's business.
    const worker = new Worker(url, { workerData, transferList, execArgv: [] });
    const gone = new AbortController();
    worker.once('exit', () => {
      gone.abort(new Error('The relay ended before it listened'));
    });
    try {
      // The first message is always this one: relay-worker.ts.
      const signal = AbortSignal.any([options.signal, gone.signal]);
      const [{ port }] = (await once(worker, 'message', { signal })) as [Extract<RelayMessage, { kind: 'listening' }>];
      return new SupervisedRelay(worker, link, port, options);
    } catch (error) {
      await worker.terminate();
      throw error;
    }
  }

  /**
   * Waits for another verdict on a frozen relay: on a busy machine the first may have been due before the thread could
   * be paused, and the stack comes with the next.
   */
  async secondLook(): Promise<void> {
    await Promise.race([this.#secondVerdict, sleep(SECOND_LOOK_MS, systemClock)]);
  }

  /** Ends the relay, frozen or not, and with it its trace. */
  async end(): Promise<void> {
    this.#cancelLimit();
    await this.#watch.end();
  }
}
