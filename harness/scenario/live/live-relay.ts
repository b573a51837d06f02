import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { CopyCounts } from '../../../src/copy/copy-error.ts';
import type { Direction } from '../../../src/poll/direction.ts';
import { readRing } from '../../../src/trace/read-ring.ts';
import type { TraceEvent } from '../../../src/trace/trace-event.ts';
import type { Verdict } from '../../../src/trace/trace-note.ts';
import { superviseWorker, type WorkerWatch } from '../../../src/watch/supervise-worker.ts';
import { workerLink } from '../../../src/watch/worker-link.ts';
import { Texts } from '../../report/texts.ts';
import type { RunOutcomeName } from '../scenario.ts';
import type { LiveJob, LiveMessage } from './live-job.ts';
import { recordedElsewhere, type RecordedElsewhere } from './recorded-elsewhere.ts';
import type { RelayThread, RelayThreads } from './relay-threads.ts';

/** What became of a live relay, as far as it is known. */
export interface LiveFate {
  readonly outcome: RunOutcomeName;
  readonly direction: Direction | null;
  /** Of the error; where the relay made no copy, of what its client saw. */
  readonly code: string | null;
  readonly counts?: CopyCounts;
}

/** What a relay holds until its end. */
interface Held {
  readonly thread: RelayThread;
  readonly threads: RelayThreads;
  readonly watch: WorkerWatch;
  /** What its thread tells. */
  readonly told: MessagePort;
  readonly release: () => void;
}

type Started = Pick<LiveRelay, 'port' | 'stuck' | 'recorder' | 'verdicts'>;

type Ended = Extract<LiveMessage, { kind: 'ended' }>;

export interface LiveRelayOptions {
  readonly threads: RelayThreads;
  readonly tracePath: string | undefined;
  readonly title: string;
}

/** The relay of a live scenario: in a Worker under supervision. */
export class LiveRelay {
  readonly port: number;
  /** Settles if it is seen to be stuck; rejects if its thread fails. */
  readonly stuck: Promise<LiveFate>;
  readonly recorder: RecordedElsewhere;
  /** What the supervisor has said of it so far. */
  readonly verdicts: readonly Verdict[];
  /** The faults that have fired, as the trace has them. */
  readonly fired = new Set<string>();
  readonly #held: Held;
  readonly #texts = new Texts();
  #onFired: () => void = () => undefined;
  readonly #told = new Map<number, LiveFate>();
  readonly #waiting = new Map<number, (fate: LiveFate) => void>();

  private constructor(held: Held, { port, stuck, recorder, verdicts }: Started) {
    this.#held = held;
    this.port = port;
    this.stuck = stuck;
    this.recorder = recorder;
    this.verdicts = verdicts;
    held.told.on('message', (message: LiveMessage) => {
      if (message.kind === 'ended') this.#tell(message);
      if (message.kind === 'text') this.#texts.add(message.id, message.text);
      if (message.kind === 'fired') {
        this.fired.add(message.fault);
        this.#onFired();
      }
    });
  }

  static async start(
    job: Omit<LiveJob, 'watched' | 'port'>,
    { threads, tracePath, title }: LiveRelayOptions,
  ): Promise<LiveRelay> {
    const thread = threads.take();
    const { worker } = thread;
    const link = workerLink();
    const { port1: told, port2: port } = new MessageChannel();
    const stuck = Promise.withResolvers<LiveFate>();
    const failed = Promise.withResolvers<never>();
    const verdicts: Verdict[] = [];
    const joined = recordedElsewhere(link.port);
    const watch = superviseWorker(worker, link, {
      ...(tracePath === undefined ? {} : { tracePath }),
      about: { writer: 'relayscope', title, dialect: job.dialect },
      onVerdict: (verdict) => {
        verdicts.push(verdict);
        const fate = fateOf(verdict);
        if (fate !== null) stuck.resolve(fate);
      },
    });
    worker.once('error', failed.reject);
    const release = (): void => {
      told.close();
      worker.off('error', failed.reject);
    };
    const { watched, transferList } = link;
    const whole: LiveJob = { ...job, watched, port };
    // The first message is always this one: live-worker.ts.
    const listening = new Promise<number>((resolve) => {
      told.once('message', (message: LiveMessage) => {
        if (message.kind === 'listening') resolve(message.port);
      });
    });
    worker.postMessage(whole, [...transferList, port]);
    try {
      const [listensAt, recorder] = await Promise.race([Promise.all([listening, joined]), failed.promise]);
      const held = { thread, threads, watch, told, release };
      const isStuck = Promise.race([stuck.promise, failed.promise]);
      return new LiveRelay(held, { port: listensAt, stuck: isStuck, recorder, verdicts });
    } catch (error) {
      release();
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
    return this.#held.watch.waits();
  }

  events(): TraceEvent[] {
    const { ring } = this.#held.watch;
    return ring === null ? [] : readRing(ring).map((event) => this.#texts.told(event));
  }

  /** @param isOver nothing of it is left: its thread can be used again. */
  async end(isOver: boolean): Promise<void> {
    const { thread, threads, watch, release } = this.#held;
    release();
    if (isOver) {
      watch.stop();
      await threads.giveBack(thread);
    } else await watch.end();
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
