import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import { systemClock } from '../../../src/poll/clock.ts';
import { siblingModule } from '../../../src/sibling-module.ts';
import { openTrace } from '../../../src/trace/file/open-trace.ts';
import { TraceError } from '../../../src/trace/file/trace-error.ts';
import type { StackNote, VerdictOutcome } from '../../../src/trace/trace-note.ts';
import { superviseWorker } from '../../../src/watch/supervise-worker.ts';
import { workerLink } from '../../../src/watch/worker-link.ts';
import type { CheckedModule, CheckFlags, CheckJob } from './check-job.ts';
import { CheckWatch, type CheckBegun, type CheckEnd } from './check-watch.ts';
import { ownTime } from './own-time.ts';

export interface RunCheckOptions {
  readonly adapter: CheckedModule;
  readonly peer: CheckedModule | null;
  readonly flags: CheckFlags;
  /** So long without letting the event loop turn is stuck; a case may wait five times longer. */
  readonly timeoutMs: number;
  /** Ends it at once. */
  readonly signal: AbortSignal;
  /** A case more has begun; `count` of them in all. */
  readonly onCase: (count: number) => void;
  /** What the module prints. */
  readonly onOutput: (text: string) => void;
}

export type CheckRun = CheckEnd & { readonly begun: CheckBegun };

const LIMIT_MS = 250;
const LATE_STACK_MS = 3000;
/** What is loaded stands in system calls, too. */
const FROZEN: ReadonlySet<VerdictOutcome> = new Set(['spinning', 'busy', 'blocked']);
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
  const check = new CheckWatch(told, { timeoutMs, onCase: options.onCase, ownMs: ownTime(link.watched) });
  let sayVerdict = (): void => undefined;
  const watch = superviseWorker(worker, link, {
    limitMs: Math.min(LIMIT_MS, timeoutMs),
    busyLimitMs: timeoutMs,
    tracePath,
    onVerdict: (verdict) => {
      if (FROZEN.has(verdict.outcome)) check.isFrozen(verdict);
      else check.goesOn();
      sayVerdict();
    },
  });
  const verdictWithin = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const cancel = systemClock.after(ms, resolve);
      sayVerdict = () => {
        cancel();
        resolve();
      };
    });
  try {
    const end = await Promise.race([check.end, thrown(worker), stopped(signal)]);
    const { begun, frozenSinceMs } = check;
    if (end.kind !== 'stuck' || frozenSinceMs === null) return { ...end, begun };
    let stack = await stackSince(frozenSinceMs, tracePath);
    if (stack === null) {
      // Where the machine has much else to do, it comes with a second verdict.
      await verdictWithin(LATE_STACK_MS);
      stack = await stackSince(frozenSinceMs, tracePath);
    }
    return stack === null ? { ...end, begun } : { kind: 'stuck', ...stuckIn(stack, timeoutMs), begun };
  } finally {
    check.close();
    await watch.end();
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

/** The latest; what was seen before has gone on. */
async function stackSince(sinceMs: number, tracePath: string): Promise<StackNote | null> {
  let latest: StackNote | null = null;
  try {
    for await (const item of openTrace(tracePath))
      if (item.kind === 'stack' && item.note.atMs >= sinceMs) latest = item.note;
  } catch (error) {
    // Whoever has not even joined the watch has no trace.
    if (!(error instanceof TraceError)) throw error;
  }
  return latest;
}
