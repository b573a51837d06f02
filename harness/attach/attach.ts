import type { Clock } from '../../src/poll/clock.ts';
import { within } from '../../src/watch/inspector-client.ts';
import { AttachError } from './attach-error.ts';
import type { AttachReport } from './attach-report.ts';
import { isStuck } from './attach-report.ts';
import { closeInspector } from './close-inspector.ts';
import { evaluate } from './evaluate.ts';
import { judgeThread, type Judgement } from './judge-thread.ts';
import { keepAlive } from './keep-alive.ts';
import { kernelSockets } from './kernel-sockets.ts';
import { lookAtThread, type ThreadLook } from './look-at-thread.ts';
import { lookAtWorkers, type WorkerLook } from './look-at-workers.ts';
import { openInspector, type OpenInspector } from './open-inspector.ts';
import { sleep } from './sleep.ts';
import type { SavedTrace } from './save-attach-trace.ts';
import { reportSockets, type SocketReport } from './socket-report.ts';
import { checkProcess, type TargetProcess } from './target-process.ts';
import { blockedCall, hasStayed, mainThreadMoment, type ThreadMoment } from './thread-activity.ts';

export interface AttachOptions {
  readonly clock: Clock;
  /** Ends the looking early; the process is let go and left as it was. */
  readonly signal: AbortSignal;
  /** How long two looks lie apart. Default: 500. */
  readonly windowMs?: number;
  /** So long the process gets to open its inspector. Default: 3000. */
  readonly openTimeoutMs?: number;
  /** Closes the inspector in the end even if it was open before. Default: false. */
  readonly closeInspector?: boolean;
  /** Is given the process while it can still be asked, and says where it has saved its trace. */
  readonly save?: (seen: AttachReport, inspector: OpenInspector | null) => Promise<SavedTrace>;
}

/** Whether a thread stands in a system call is looked at so often, and so far apart, before anything is done to it. */
const MOMENTS = 3;
const MOMENT_EVERY_MS = 80;
const VERSION_TIMEOUT_MS = 500;

/**
 * Looks into a running Node process that has nothing of ours in it, and says whether it spins, livelocks, is blocked or
 * waits, and for what. The process is let go and left as it was, whatever happens.
 *
 * Throws an AttachError, and INSPECTOR_FAILED if the process ends meanwhile.
 */
export function attach(pid: number, options: AttachOptions): Promise<AttachReport> {
  return keepAlive(() => lookAt(checkProcess(pid), options));
}

async function lookAt(target: TargetProcess, options: AttachOptions): Promise<AttachReport> {
  const { clock, signal, save } = options;
  let moments = await momentsOf(target.pid, options);
  // It may just have begun to sleep.
  if (!hasStayed(moments.list)) moments = await momentsOf(target.pid, options);
  refuseCancelled(signal);
  // Blocked, it would open its inspector when the call returns, with nobody there to close it. Atomics.wait is left for it.
  const call = blockedCall(target.pid, moments.list);
  const openTimeoutMs = options.openTimeoutMs ?? 3000;
  const opened = await openInspector(target, {
    clock,
    signal,
    openTimeoutMs,
    mayAsk: call === null || call.startsWith('futex'),
  });
  if (opened === null && call !== null && !call.startsWith('futex'))
    return saved(blockedReport(target, call, moments), null, save);
  if (opened === null) return unopened(target, options);
  const closing = { clock, isToClose: opened.isOurs || options.closeInspector === true };
  let report: AttachReport;
  try {
    report = await lookInside(target, opened, { ...options, call });
    refuseCancelled(signal);
    report = await saved(report, opened, save);
  } catch (error) {
    await closeInspector(opened, closing);
    throw error;
  }
  const warning = await closeInspector(opened, closing);
  return warning === null ? report : { ...report, warnings: [...report.warnings, warning] };
}

async function lookInside(
  target: TargetProcess,
  opened: OpenInspector,
  options: AttachOptions & { readonly call: string | null },
): Promise<AttachReport> {
  const { client } = opened;
  const { clock, signal, windowMs = 500, call } = options;
  const looking = { clock, signal, windowMs };
  const kernelBefore = socketsOf(target, opened);
  const cpuBefore = { atMs: clock.nowMs(), cpuMs: mainThreadMoment(target.pid).cpuMs };
  const version = await within(
    evaluate(client, 'process.version').catch(() => null),
    VERSION_TIMEOUT_MS,
    clock,
  );
  const look = await lookAtThread(client, looking);
  const cpuMs = mainThreadMoment(target.pid).cpuMs;
  const elapsedMs = clock.nowMs() - cpuBefore.atMs;
  const sockets = reportSockets(
    { inside: insideOf(look).before, kernel: kernelBefore },
    { inside: insideOf(look).after, kernel: socketsOf(target, opened) },
  );
  const main = judgeThread(look, sockets, call);
  const isAnswering = look.kind === 'turning' && !signal.aborted;
  const workers = isAnswering ? await lookAtWorkers(client, looking) : [];
  const worst = workers.find(({ judgement }) => isStuck(judgement.outcome));
  const told = isStuck(main.outcome) || worst === undefined ? { thread: 'main', judgement: main } : worst;
  return {
    ...reportOf(told.judgement),
    pid: target.pid,
    command: target.command,
    runtime: typeof version === 'string' ? version.slice(0, 64) : null,
    thread: told.thread,
    cpu: cpuMs === null || cpuBefore.cpuMs === null ? null : shareOf(cpuMs - cpuBefore.cpuMs, elapsedMs),
    watchedMs: Math.round(look.kind === 'turning' ? look.watchedMs : elapsedMs),
    sockets: [...sockets, ...workers.flatMap((worker) => worker.sockets)],
    omittedSockets: look.kind === 'unanswering' ? 0 : 'after' in look ? look.after.omitted : look.inside.omitted,
    workers: summaries([{ thread: 'main', judgement: main, sockets: [] }, ...workers], told.thread),
    warnings: [],
    trace: null,
  };
}

async function saved(
  report: AttachReport,
  opened: OpenInspector | null,
  save: AttachOptions['save'],
): Promise<AttachReport> {
  if (save === undefined) return report;
  const { path, warnings } = await save(report, opened);
  return { ...report, trace: path, warnings: [...report.warnings, ...warnings] };
}

function reportOf(judgement: Judgement) {
  const { outcome, loop, message, turnsPerSecond, stack, loopFrame } = judgement;
  const { frames, omitted } = stack;
  return { outcome, loop, message, turnsPerSecond, frames, omittedFrames: omitted, loopFrame };
}

function summaries(threads: readonly WorkerLook[], told: string): AttachReport['workers'] {
  return threads
    .filter(({ thread }) => thread !== told)
    .map(({ thread, judgement: { outcome, message } }) => ({ thread, outcome, message }));
}

/** A frozen thread is asked once: none of its sockets' objects can move while it goes round elsewhere. */
function insideOf(look: ThreadLook) {
  switch (look.kind) {
    case 'turning':
      return { before: look.before.sockets, after: look.after.sockets };
    case 'frozen':
      return { before: look.inside.sockets, after: look.inside.sockets };
    case 'unanswering':
      return { before: null, after: null };
  }
}

/** Without the inspector's own, ours included. */
function socketsOf({ pid }: TargetProcess, { port }: { port: number }) {
  return kernelSockets(pid)?.filter(({ localPort }) => localPort !== port) ?? null;
}

interface Moments {
  readonly list: readonly ThreadMoment[];
  readonly cpu: number | null;
  readonly watchedMs: number;
}

async function momentsOf(pid: number, { clock, signal }: AttachOptions): Promise<Moments> {
  const list: ThreadMoment[] = [];
  const startedMs = clock.nowMs();
  for (let looks = 0; looks < MOMENTS; looks += 1) {
    if (looks > 0) await sleep(MOMENT_EVERY_MS, clock, signal);
    list.push(mainThreadMoment(pid));
  }
  const watchedMs = clock.nowMs() - startedMs;
  const [first, last] = [list[0]?.cpuMs ?? null, list.at(-1)?.cpuMs ?? null];
  return { list, watchedMs, cpu: first === null || last === null ? null : shareOf(last - first, watchedMs) };
}

function shareOf(cpuMs: number, elapsedMs: number): number {
  return elapsedMs > 0 ? Math.min(1, Math.round((cpuMs / elapsedMs) * 1000) / 1000) : 0;
}

/** What can be told of a thread that stands in a system call: its sockets, from outside. */
function blockedReport(target: TargetProcess, call: string, { cpu, watchedMs }: Moments): AttachReport {
  const kernel = kernelSockets(target.pid);
  const sockets: SocketReport[] = reportSockets({ inside: null, kernel }, { inside: null, kernel });
  return {
    pid: target.pid,
    command: target.command,
    runtime: null,
    outcome: 'blocked',
    loop: null,
    message: `its main thread stands in ${call}, so that its event loop cannot turn; seen from outside for ${Math.round(watchedMs)} ms`,
    thread: 'main',
    cpu,
    turnsPerSecond: null,
    watchedMs: Math.round(watchedMs),
    frames: [],
    omittedFrames: 0,
    loopFrame: null,
    sockets,
    omittedSockets: 0,
    workers: [],
    warnings: [],
    trace: null,
  };
}

/** It has taken the signal and opened nothing: it is blocked after all, or the signal means something else to it. */
async function unopened(target: TargetProcess, options: AttachOptions): Promise<AttachReport> {
  refuseCancelled(options.signal);
  const moments = await momentsOf(target.pid, options);
  const isAtWork = (moments.cpu ?? 0) > 0.5;
  const call = isAtWork
    ? 'one call of Node or of an addon that uses a processor'
    : blockedCall(target.pid, moments.list);
  if (call === null) {
    throw new AttachError(
      'ATTACH_INSPECTOR_UNREACHABLE',
      `Process ${target.pid} took SIGUSR1 and opened no inspector: it has a listener of its own for that signal, or its main thread waits in a call such as execSync, and opens it when that returns`,
    );
  }
  const report = blockedReport(target, call, moments);
  const warning = `It was asked for its inspector before it was known to be blocked: Node opens it when the call returns. Close it then with: relayscope attach --close ${target.pid}`;
  return saved({ ...report, warnings: [warning] }, null, options.save);
}

function refuseCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new AttachError('ATTACH_CANCELLED', 'Interrupted: the process was let go');
}
