import { MessageChannel, Worker, isMainThread, threadId } from 'node:worker_threads';
import { RelayscopeError } from '../errors.ts';
import { epochMs } from '../poll/clock.ts';
import { printable } from '../printable.ts';
import { siblingModule } from '../sibling-module.ts';
import { Recorder, type RecorderOptions } from '../trace/recorder.ts';
import type { TraceItem } from '../trace/trace-item.ts';
import type { EndNote, TraceAbout, Verdict } from '../trace/trace-note.ts';
import { aboutProcess } from './about-process.ts';
import { answerPings } from './answer-pings.ts';
import { checkWritable } from './check-writable.ts';
import { ExitWriter } from './exit-writer.ts';
import { showRecorder } from './known-recorders.ts';
import { makePulse, Pulse } from './pulse.ts';
import { takeReportFd, writeLine } from './report-lines.ts';
import { checkLimits, type WatchLimits } from './watch-options.ts';
import type { WatchdogJob, WatchdogMessage, WatchdogOrder } from './watchdog-job.ts';

export interface WatchProgramOptions extends WatchLimits {
  /** Where the trace goes, as it happens. Default: nowhere; there are verdicts all the same. */
  readonly tracePath?: string;
  /** Whether it is written from the beginning, or only once something is stuck. Default: `always`. */
  readonly traceWhen?: 'always' | 'stuck';
  /** The trace on disk stays within this many bytes. */
  readonly maxTraceBytes?: number;
  /** Called with each verdict once the event loop turns: for a program that stays frozen, never. */
  readonly onVerdict?: (verdict: Verdict) => void;
  /** Called once if the trace cannot be written any more: a full disk, a folder that is gone. The watch goes on. */
  readonly onTraceFailed?: (message: string) => void;
  /** Where verdicts that something is stuck are written at once, whatever the program does. Default: `stderr`. */
  readonly report?: 'stderr' | 'none';
  /**
   * A file descriptor that gets verdicts as NDJSON lines, and is closed with the watch. Default: the one that
   * `superviseChild` gave the process.
   */
  readonly reportFd?: number;
  /** What the trace says of itself. */
  readonly about?: TraceAbout;
  readonly recorder?: RecorderOptions;
}

export interface ProgramWatch {
  /** Give this to `copyBidirectional`. */
  readonly recorder: Recorder;
  /** When the trace began: its atMs 0, as `epochMs` has it. */
  readonly startedEpochMs: number;
  /** Writes a connection, a payload or another note to the trace. */
  append(item: TraceItem): void;
  /** Resolves when everything up to now is on disk, or cannot be; it gets there by itself within milliseconds. */
  flush(): Promise<void>;
  /** Ends the watch. Resolves when everything is on disk. */
  stop(reason?: EndNote['reason']): Promise<void>;
}

/** At the end of the program so long is waited for the last records to be written. */
const EXIT_TIMEOUT_MS = 2000;

let isRunning = false;

/**
 * Watches the thread that calls this (the main thread, as a rule) from a Worker, and records what its copies do. Does
 * not keep the program alive; at its end, by an uncaught exception too, the last records are on disk.
 *
 * Throws WATCH_RUNNING if this thread is watched already, WATCH_OPTION_INVALID, TRACE_UNWRITABLE, and WATCH_FAILED if it
 * may not start a Worker.
 *
 * @example
 * const watch = watchProgram({ tracePath: 'traces/relay.trace' });
 * await copyBidirectional(a, b, { recorder: watch.recorder });
 */
export function watchProgram(options: WatchProgramOptions = {}): ProgramWatch {
  if (isRunning) throw new RelayscopeError('WATCH_RUNNING', 'This thread is watched already: expected one watchdog');
  const {
    tracePath,
    traceWhen = 'always',
    maxTraceBytes,
    onVerdict,
    onTraceFailed,
    report = 'stderr',
    reportFd,
    about,
  } = options;
  const limits = checkLimits(options);
  if (tracePath !== undefined && traceWhen === 'always') checkWritable(tracePath);
  const startedEpochMs = epochMs();
  const recorder = new Recorder(options.recorder);
  const pulse = makePulse();
  const { port1: answers, port2: pings } = new MessageChannel();
  const job: WatchdogJob = {
    ...limits,
    pulse,
    pings,
    threadId: isMainThread ? 0 : threadId,
    ring: recorder.buffer,
    startedEpochMs,
    about: aboutProcess(startedEpochMs, about),
    tracePath: tracePath ?? null,
    traceWhen,
    maxTraceBytes: maxTraceBytes ?? null,
    report,
    reportFd: reportFd ?? (isMainThread ? takeReportFd(process.env) : null),
  };
  const worker = startWorker(job);
  isRunning = true;
  const stopAnswering = answerPings(answers, pulse);
  const gone = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      // Nobody is there to wait for.
      Atomics.store(pulse, Pulse.DONE, 1);
      resolve();
    });
  });
  let isOver = false;
  const flushing = new Map<number, () => void>();
  let flushes = 0;
  const flushed = (number: number): void => {
    flushing.get(number)?.();
    flushing.delete(number);
    if (flushing.size === 0) worker.unref();
  };
  worker.once('exit', () => {
    isOver = true;
    for (const number of flushing.keys()) flushed(number);
  });
  worker.on('message', (message: WatchdogMessage) => {
    if (message.kind === 'verdict') onVerdict?.(message.verdict);
    else if (message.kind === 'flushed') flushed(message.number);
    else onTraceFailed?.(message.message);
  });
  // An instrument must not bring down what it watches.
  worker.on('error', (error) => {
    process.emitWarning(`The watchdog has failed: ${error instanceof Error ? error.message : String(error)}`);
  });
  worker.unref();
  const order = (one: WatchdogOrder): void => {
    worker.postMessage(one);
  };
  const exitWriter = new ExitWriter(job);
  const append = (item: TraceItem): void => {
    if (!isOver) exitWriter.hold(item);
    order({ kind: 'append', item });
  };
  const stopListening = recorder.notes.listen(append);
  const hide = showRecorder(recorder);
  let failure: string | null = null;
  const onFailure = (error: unknown): void => {
    failure = error instanceof Error ? error.message : String(error);
  };
  const onExit = (code: number): void => {
    // Somebody may have caught it after all, and gone on.
    const why =
      failure === null || code === 0 ? { reason: 'exit' as const } : { reason: 'error' as const, message: failure };
    const isWritten = exitWriter.write(why, (message) => {
      if (report === 'stderr') writeLine(2, `relayscope: ${printable(message)}`);
      onTraceFailed?.(message);
    });
    if (isWritten) return;
    order({ kind: 'stop', ...why });
    Atomics.wait(pulse, Pulse.DONE, 0, EXIT_TIMEOUT_MS);
  };
  process.on('exit', onExit);
  process.on('uncaughtExceptionMonitor', onFailure);
  return {
    recorder,
    startedEpochMs,
    append,
    flush() {
      return new Promise((resolve) => {
        if (isOver) {
          resolve();
          return;
        }
        flushes += 1;
        flushing.set(flushes, resolve);
        // Somebody waits for the answer.
        worker.ref();
        order({ kind: 'flush', number: flushes });
      });
    },
    async stop(reason = 'closed') {
      stopListening();
      hide();
      process.off('exit', onExit);
      process.off('uncaughtExceptionMonitor', onFailure);
      order({ kind: 'stop', reason });
      worker.ref();
      await gone;
      stopAnswering();
      isRunning = false;
    },
  };
}

function startWorker(job: WatchdogJob): Worker {
  try {
    return new Worker(siblingModule(import.meta.url, 'watchdog-worker'), {
      name: 'relayscope watchdog',
      workerData: job,
      transferList: [job.pings],
      // The program's flags and environment are not the watchdog's business.
      execArgv: [],
      env: {},
    });
  } catch (cause) {
    // Node's permissions may not allow it.
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new RelayscopeError('WATCH_FAILED', `Cannot start a watchdog: ${message}`, { cause });
  }
}
