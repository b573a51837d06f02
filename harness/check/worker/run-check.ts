import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import { RelayscopeError } from '../../../src/errors.ts';
import { systemClock } from '../../../src/poll/clock.ts';
import { siblingModule } from '../../../src/sibling-module.ts';
import { openTrace } from '../../../src/trace/file/open-trace.ts';
import { TraceError } from '../../../src/trace/file/trace-error.ts';
import type { StackNote, Verdict } from '../../../src/trace/trace-note.ts';
import { isStuck } from '../../../src/watch/is-stuck.ts';
import { superviseWorker } from '../../../src/watch/supervise-worker.ts';
import { workerLink } from '../../../src/watch/worker-link.ts';
import type { InnerKind } from '../check-options.ts';
import type { StreamCase } from '../stream-case.ts';
import type { CheckedModule, CheckFlags, CheckJob, CheckMessage, PlainReport } from './check-job.ts';

export interface RunCheckOptions {
  readonly adapter: CheckedModule;
  readonly peer: CheckedModule | null;
  readonly flags: CheckFlags;
  /** So long in one function without letting the event loop turn is stuck; a case may wait so many times longer: WAITS. */
  readonly timeoutMs: number;
  /** Ends it at once. */
  readonly signal: AbortSignal;
  /** A case more has begun; `count` of them in all. */
  readonly onCase: (count: number) => void;
  /** What the module prints. */
  readonly onOutput: (text: string) => void;
}

/** How far a check has come. */
export interface CheckBegun {
  /** Null: the module was still being loaded. */
  readonly inner: InnerKind | null;
  readonly own: Readonly<Record<string, unknown>> | null;
  /** The case that was under way. */
  readonly case: StreamCase | null;
}

export type CheckEnd =
  | { readonly kind: 'done'; readonly report: PlainReport }
  /** It does not go on; `stack`: where it stands, with the locals, if it is a loop. */
  | { readonly kind: 'stuck'; readonly message: string; readonly stack: StackNote | null }
  /** An exception that nobody could catch has ended it. */
  | { readonly kind: 'crashed'; readonly message: string }
  /** By the signal. */
  | { readonly kind: 'stopped' };

export type CheckRun = CheckEnd & { readonly begun: CheckBegun };

const LIMIT_MS = 250;
/** A case waits for ever if it takes so many times what a loop may take: timers of a stream are honest work. */
const WAITS = 5;
const LATE_STACK_MS = 3000;
const OURS = [new URL('../../', import.meta.url).href, new URL('../../../src/', import.meta.url).href];

/**
 * Checks a module's stream in a Worker under supervision. Throws what the module or its options are refused with, CHECK_MODULE_UNREADABLE
 * among them; and what the check is.
 */
export async function runCheck(options: RunCheckOptions): Promise<CheckRun> {
  const folder = await mkdtemp(join(tmpdir(), 'relayscope-check-'));
  try {
    return await runIn(folder, options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runIn(folder: string, options: RunCheckOptions): Promise<CheckRun> {
  const { adapter, peer, flags, timeoutMs, signal } = options;
  const link = workerLink();
  const { port1: told, port2: port } = new MessageChannel();
  const job: CheckJob = { adapter, peer, flags, watched: link.watched, port };
  // What loads the modules of whoever started us (a loader, a condition) has to load them there, too.
  const worker = new Worker(siblingModule(import.meta.url, 'check-worker'), {
    workerData: job,
    transferList: [...link.transferList, port],
    stdout: true,
    stderr: true,
  });
  for (const output of [worker.stdout, worker.stderr])
    output.setEncoding('utf8').on('data', (text: string) => {
      options.onOutput(text);
    });
  const tracePath = join(folder, 'check.trace');
  const { promise: stuck, resolve: getStuck } = Promise.withResolvers<Verdict>();
  const progress = new Progress(told, options);
  let sayVerdict = (): void => undefined;
  const watch = superviseWorker(worker, link, {
    limitMs: Math.min(LIMIT_MS, timeoutMs),
    busyLimitMs: timeoutMs,
    tracePath,
    onVerdict: (verdict) => {
      sayVerdict();
      sayVerdict = () => undefined;
      if (isStuck(verdict)) getStuck(verdict);
      else if (verdict.outcome === 'busy') progress.isBusy(verdict);
      else progress.goesOn();
    },
  });
  try {
    const seen = stuck.then(({ message }): CheckEnd => ({ kind: 'stuck', message, stack: null }));
    const end = await Promise.race([progress.end, seen, thrown(worker), stopped(signal)]);
    const { begun } = progress;
    if (end.kind !== 'stuck') return { ...end, begun };
    let stack = await latestStack(tracePath);
    if (stack === null && progress.isFrozen) {
      // Where the machine has much else to do, it comes with a second verdict.
      await new Promise<void>((resolve) => {
        sayVerdict = resolve;
        systemClock.after(LATE_STACK_MS, resolve);
      });
      stack = await latestStack(tracePath);
    }
    return stack === null ? { ...end, begun } : { kind: 'stuck', ...stuckIn(stack, timeoutMs), begun };
  } finally {
    progress.close();
    await watch.end();
  }
}

/** What a check tells of itself, and whether it goes on telling. */
class Progress {
  begun: CheckBegun = { inner: null, own: null, case: null };
  /** As far as is known, its event loop does not turn. */
  isFrozen = false;
  readonly end: Promise<CheckEnd>;
  readonly #told: MessagePort;
  readonly #options: Pick<RunCheckOptions, 'timeoutMs' | 'onCase'>;
  readonly #settled = Promise.withResolvers<CheckEnd>();
  #count = 0;
  #cancel: () => void = () => undefined;

  constructor(told: MessagePort, options: Pick<RunCheckOptions, 'timeoutMs' | 'onCase'>) {
    this.#told = told;
    this.#options = options;
    this.end = this.#settled.promise;
    told.on('message', (message: CheckMessage) => {
      this.#hear(message);
    });
    this.goesOn();
  }

  /** The event loop turns: it may wait, for so long. */
  goesOn(): void {
    this.isFrozen = false;
    const waitsMs = WAITS * this.#options.timeoutMs;
    const what = this.begun.case === null ? 'The module was not loaded' : 'The case has not come to its end';
    this.#stuckAfter(waitsMs, `${what} within ${waitsMs} ms`);
  }

  /** The event loop does not turn. In whatever functions it is seen: a case that takes so long is no work. */
  isBusy({ message, silentMs = 0 }: Verdict): void {
    this.isFrozen = true;
    this.#stuckAfter(Math.max(0, this.#options.timeoutMs - silentMs), message);
  }

  close(): void {
    this.#cancel();
    this.#told.close();
  }

  #stuckAfter(ms: number, message: string): void {
    this.#cancel();
    this.#cancel = systemClock.after(ms, () => {
      this.#settled.resolve({ kind: 'stuck', message, stack: null });
    });
  }

  #hear(message: CheckMessage): void {
    this.goesOn();
    switch (message.kind) {
      case 'begun':
        this.begun = { ...this.begun, inner: message.inner, own: message.own };
        break;
      case 'case':
        this.#count += 1;
        this.begun = { ...this.begun, case: message.case };
        this.#options.onCase(this.#count);
        break;
      case 'done':
        this.#settled.resolve({ kind: 'done', report: message.report });
        break;
      case 'failed':
        this.#settled.reject(new RelayscopeError(message.code, message.message));
        break;
    }
  }
}

function thrown(worker: Worker): Promise<CheckEnd> {
  return new Promise((resolve) => {
    worker.once('error', (error: unknown) => {
      const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      resolve({ kind: 'crashed', message: `Something was thrown outside any call of the stream: ${message}` });
    });
    worker.once('exit', (code) => {
      resolve({ kind: 'crashed', message: `The module has ended its thread, with code ${code}` });
    });
  });
}

function stopped(signal: AbortSignal): Promise<CheckEnd> {
  return new Promise((resolve) => {
    const stop = (): void => {
      resolve({ kind: 'stopped' });
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

/** From the innermost function on that is not of this package: what it calls of ours is beneath the stream, and goes on by itself. */
function stuckIn(note: StackNote, timeoutMs: number): { readonly message: string; readonly stack: StackNote } {
  const first = note.frames.findIndex(({ url }) => !OURS.some((folder) => url.startsWith(folder)));
  const frames = note.frames.slice(Math.max(0, first));
  const [at] = frames;
  const where = at === undefined ? 'The module' : `${at.function} (${basename(at.url)}:${at.line})`;
  return {
    message: `${where} has not let the event loop turn for ${timeoutMs} ms`,
    stack: { ...note, frames },
  };
}

async function latestStack(tracePath: string): Promise<StackNote | null> {
  let latest: StackNote | null = null;
  try {
    for await (const item of openTrace(tracePath)) if (item.kind === 'stack') latest = item.note;
  } catch (error) {
    // Whoever has not even joined the watch has no trace.
    if (!(error instanceof TraceError)) throw error;
  }
  return latest;
}
