import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { systemClock } from '../../src/poll/clock.ts';
import { advanceTick, readRing, ringActivity } from '../../src/trace/read-ring.ts';
import type { TraceEvent } from '../../src/trace/trace-event.ts';
import { watchHeartbeat } from '../../src/watch/watch-heartbeat.ts';
import { siblingModule } from '../../src/sibling-module.ts';
import type { RelayJob, RelayMessage } from './relay-job.ts';

/** What became of the copy, as seen from outside. */
export type RelayFate =
  | Exclude<RelayMessage, { kind: 'listening' }>
  /** The event loop of the relay no longer turns. `spinning`: its recorder still counts repeats of the same iteration. */
  | { readonly kind: 'frozen'; readonly spinning: boolean; readonly silentMs: number }
  /** Nothing was heard in time. */
  | { readonly kind: 'silent' };

/** A loop that spins moves its recorder's count, if only it gets the processor meanwhile: looked at so often, so long. */
const SPIN_LOOK_MS = 20;
const SPIN_LOOKS = 20;

/** The relay of one step in a Worker of its own, watched from this thread. */
export class SupervisedRelay {
  readonly port: number;
  /** Settles when the copy has ended, or cannot any more. */
  readonly fate: Promise<RelayFate>;
  readonly #worker: Worker;
  readonly #ring: SharedArrayBuffer;
  #stopWatching: () => void = () => undefined;

  private constructor(
    worker: Worker,
    listening: Extract<RelayMessage, { kind: 'listening' }>,
    job: RelayJob,
    limitMs: number,
  ) {
    this.#worker = worker;
    this.port = listening.port;
    this.#ring = listening.ring;
    this.fate = new Promise((resolve, reject) => {
      const cancelLimit = systemClock.after(limitMs, () => {
        resolve({ kind: 'silent' });
      });
      const stopBeat = watchHeartbeat(job.beats, (silentMs) => {
        // The frozen thread cannot look at a clock: its repeats would all seem to be of the moment it froze.
        advanceTick(this.#ring, silentMs);
        this.#probe(ringActivity(this.#ring).repeats, SPIN_LOOKS, (spinning, looks) => {
          resolve({ kind: 'frozen', spinning, silentMs: silentMs + looks * SPIN_LOOK_MS });
        });
      });
      worker.on('message', (message: RelayMessage) => {
        if (message.kind !== 'listening') resolve(message);
      });
      worker.on('error', reject);
      worker.once('exit', () => {
        resolve({ kind: 'silent' });
      });
      this.#stopWatching = () => {
        cancelLimit();
        stopBeat();
      };
    });
  }

  /** Finds out whether a frozen relay's copy still goes round, or does nothing at all. */
  #probe(before: number, looksLeft: number, tell: (spinning: boolean, looks: number) => void): void {
    systemClock.after(SPIN_LOOK_MS, () => {
      const spinning = ringActivity(this.#ring).repeats !== before;
      if (spinning || looksLeft === 1) tell(spinning, SPIN_LOOKS + 1 - looksLeft);
      else this.#probe(before, looksLeft - 1, tell);
    });
  }

  /** Starts the relay; resolves when it listens. */
  static async start(job: Omit<RelayJob, 'beats'>, limitMs: number, signal: AbortSignal): Promise<SupervisedRelay> {
    const beats = new SharedArrayBuffer(4);
    const workerData: RelayJob = { ...job, beats };
    // The parent's flags and environment are not the relay's business.
    const worker = new Worker(siblingModule(import.meta.url, 'relay-worker'), { workerData, execArgv: [] });
    const gone = new AbortController();
    worker.once('exit', () => {
      gone.abort(new Error('The relay ended before it listened'));
    });
    try {
      // The first message is always this one: relay-worker.ts.
      const [listening] = (await once(worker, 'message', { signal: AbortSignal.any([signal, gone.signal]) })) as [
        Extract<RelayMessage, { kind: 'listening' }>,
      ];
      return new SupervisedRelay(worker, listening, workerData, limitMs);
    } catch (error) {
      await worker.terminate();
      throw error;
    }
  }

  /** The trace so far, whether or not the relay still runs. */
  trace(): TraceEvent[] {
    return readRing(this.#ring);
  }

  /** Ends the relay, frozen or not. */
  async end(): Promise<void> {
    this.#stopWatching();
    await this.#worker.terminate();
  }
}
