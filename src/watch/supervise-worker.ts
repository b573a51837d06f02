import { Session } from 'node:inspector';
import { isMainThread, receiveMessageOnPort, type Worker } from 'node:worker_threads';
import { systemClock, type Clock } from '../poll/clock.ts';
import type { EndNote, TraceAbout, Verdict } from '../trace/trace-note.ts';
import { aboutProcess } from './about-process.ts';
import { checkWritable } from './check-writable.ts';
import { inspectorFailed, sessionClient, within, workerClient } from './inspector-client.ts';
import { openSink } from './open-sink.ts';
import { Pulse } from './pulse.ts';
import type { ReachedThread } from './reach-thread.ts';
import { threadTimes } from './thread-state.ts';
import type { TraceSink } from './trace-sink.ts';
import { checkLimits, type WatchLimits } from './watch-options.ts';
import type { WatchedThread } from './watched-thread.ts';
import { Watchdog } from './watchdog.ts';
import type { WorkerJoined, WorkerLink, WorkerMessage } from './worker-link.ts';

export interface SuperviseWorkerOptions extends WatchLimits {
  readonly onVerdict?: (verdict: Verdict) => void;
  readonly tracePath?: string;
  readonly maxTraceBytes?: number;
  readonly about?: TraceAbout;
  readonly clock?: Clock;
}

export interface WorkerWatch {
  /** The memory of the Worker's recorder, for `readRing`; null until the Worker has joined. */
  readonly ring: SharedArrayBuffer | null;
  /** What its copies wait for, in words: `1: a -> b waits for a to send, since 12 s`. */
  waits(): string[];
  /** Ends the watch, and leaves the Worker as it is. */
  stop(reason?: EndNote['reason']): void;
  /** Terminates the Worker, frozen or not. False if it has not ended in time: it stands in a system call. */
  end(timeoutMs?: number): Promise<boolean>;
}

const END_TIMEOUT_MS = 4000;
/** Of a Worker that talks on while it is not heard, so many messages are taken at the end. */
const MAX_LAST_WORDS = 65_536;

/**
 * Watches a Worker from the thread that started it, whose event loop must turn. The Worker calls `joinWatch` with its
 * end of the link; it is watched from then on.
 *
 * Throws WATCH_OPTION_INVALID, TRACE_UNWRITABLE.
 *
 * @example
 * const link = workerLink();
 * const { watched, transferList } = link;
 * const worker = new Worker(url, { workerData: { watched }, transferList, execArgv: [] });
 * const watch = superviseWorker(worker, link, { onVerdict: console.log });
 */
export function superviseWorker(worker: Worker, link: WorkerLink, options: SuperviseWorkerOptions = {}): WorkerWatch {
  const limits = checkLimits(options);
  if (options.tracePath !== undefined) checkWritable(options.tracePath);
  const watch = new SupervisedWorker(worker, link, { ...options, ...limits });
  return watch;
}

class SupervisedWorker implements WorkerWatch {
  ring: SharedArrayBuffer | null = null;
  readonly #worker: Worker;
  readonly #link: WorkerLink;
  readonly #options: SuperviseWorkerOptions & Required<WatchLimits>;
  readonly #clock: Clock;
  #watchdog: Watchdog | null = null;
  #sink: TraceSink | null = null;
  #startedEpochMs = 0;
  #hasStopped = false;
  /** Looks into the Worker that go on. */
  readonly #looks = new Set<Promise<void>>();

  constructor(worker: Worker, link: WorkerLink, options: SuperviseWorkerOptions & Required<WatchLimits>) {
    this.#worker = worker;
    this.#link = link;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    link.port.on('message', (message: WorkerMessage) => {
      this.#receive(message);
    });
    // The Worker keeps the program alive as long as it likes; the watch must not.
    link.port.unref();
    worker.once('exit', () => {
      this.stop('exit');
    });
  }

  waits(): string[] {
    const progress = this.#watchdog?.progress;
    if (progress === undefined) return [];
    return [...progress.connections.values()].flatMap((one) =>
      one.waits(progress.nowMs).map((wait) => `${one.connection}: ${wait}`),
    );
  }

  stop(reason: EndNote['reason'] = 'closed'): void {
    if (this.#hasStopped) return;
    this.#hearLastWords();
    this.#hasStopped = true;
    this.#watchdog?.stop();
    this.#sink?.end({ reason, atMs: this.#watchdog?.progress.nowMs ?? 0 });
    this.#link.port.close();
  }

  async end(timeoutMs = END_TIMEOUT_MS): Promise<boolean> {
    this.stop();
    // A message of the inspector that reaches a Worker just as it ends aborts the whole process.
    await within(Promise.all(this.#looks), timeoutMs, this.#clock);
    return (await within(this.#worker.terminate(), timeoutMs, this.#clock)) !== null;
  }

  /** What it has said may not have been heard yet: a connection that has closed just now. */
  #hearLastWords(): void {
    const { port } = this.#link;
    for (let count = 0; count < MAX_LAST_WORDS; count += 1) {
      const one = receiveMessageOnPort(port);
      if (one === undefined) return;
      this.#receive(one.message as WorkerMessage);
    }
  }

  #receive(message: WorkerMessage): void {
    if (message.kind === 'joined') this.#begin(message.joined);
    else this.#watchdog?.append(message.item);
  }

  #begin({ ring, startedEpochMs }: WorkerJoined): void {
    if (this.#hasStopped) return;
    const { limitMs, busyLimitMs, onVerdict, tracePath, maxTraceBytes, about } = this.#options;
    this.ring = ring;
    this.#startedEpochMs = startedEpochMs;
    this.#sink = openSink(
      {
        tracePath: tracePath ?? null,
        maxTraceBytes: maxTraceBytes ?? null,
        ring,
        about: aboutProcess(startedEpochMs, about),
      },
      (message) => {
        process.emitWarning(message);
      },
    );
    this.#watchdog = new Watchdog(this.#thread(), this.#sink, {
      limitMs,
      busyLimitMs,
      clock: this.#clock,
      startedEpochMs: this.#startedEpochMs,
      onVerdict: (verdict) => onVerdict?.(verdict),
    });
    this.#watchdog.follow(ring);
    this.#watchdog.start();
  }

  #thread(): WatchedThread {
    const { pulse } = this.#link.watched;
    const { threadId } = this.#worker;
    return {
      name: `worker ${threadId}`,
      pulse,
      ping: () => {
        this.#link.port.postMessage(null);
      },
      times: () => threadTimes(Atomics.load(pulse, Pulse.TID)),
      inspect: () => this.#inspect(threadId),
    };
  }

  async #inspect(threadId: number): Promise<ReachedThread> {
    if (this.#hasStopped) throw inspectorFailed('NodeWorker.enable', 'the Worker is being ended');
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#looks.add(promise);
    const session = new Session();
    const end = (): void => {
      session.disconnect();
      this.#looks.delete(promise);
      resolve();
    };
    try {
      if (isMainThread) session.connect();
      else session.connectToMainThread();
      const client = await workerClient(sessionClient(session), threadId);
      return { client, close: () => client.close().finally(end) };
    } catch (error) {
      end();
      throw error;
    }
  }
}
