import { parentPort, workerData } from 'node:worker_threads';
import { epochMs, systemClock } from '../poll/clock.ts';
import { printable } from '../printable.ts';
import type { Verdict } from '../trace/trace-note.ts';
import { isStuck } from './is-stuck.ts';
import { LazySink } from './lazy-sink.ts';
import { openSink } from './open-sink.ts';
import { Pulse, WriterRole } from './pulse.ts';
import { ALIVE_INTERVAL_MS, verdictLine, writeLine, type ReportLine } from './report-lines.ts';
import { reachThread } from './reach-thread.ts';
import { ReportPipe } from './report-pipe.ts';
import { threadTimes } from './thread-state.ts';
import type { TraceSink } from './trace-sink.ts';
import type { WatchedThread } from './watched-thread.ts';
import { Watchdog } from './watchdog.ts';
import type { WatchdogJob, WatchdogMessage, WatchdogOrder } from './watchdog-job.ts';

/** The watchdog of a program, in a thread of its own: `watchProgram` starts it. */

// Nothing else starts this module.
const job = workerData as WatchdogJob;
const { pulse, pings, threadId, startedEpochMs, reportFd } = job;
// A program that has ended meanwhile has written its trace itself.
if (Atomics.compareExchange(pulse, Pulse.WRITER, WriterRole.NOBODY, WriterRole.WATCHDOG) !== WriterRole.NOBODY)
  process.exit();

const thread: WatchedThread = {
  name: threadId === 0 ? 'main' : `worker ${threadId}`,
  pulse,
  ping: () => {
    pings.postMessage(null);
  },
  times: () => threadTimes(Atomics.load(pulse, Pulse.TID)),
  inspect: () => reachThread(threadId),
};

const pipe = reportFd === null ? null : new ReportPipe(reportFd);

function send(line: ReportLine): void {
  pipe?.send(line);
}

function onVerdict(verdict: Verdict): void {
  send({ relayscope: 'verdict', verdict });
  if (job.report === 'stderr' && isWorthALine(verdict)) writeLine(2, verdictLine(verdict));
  tell({ kind: 'verdict', verdict });
}

let hasSaidStuck = false;

/** Honest work is in the trace; on the screen it would be noise. That something goes on is said where it was said stuck. */
function isWorthALine(verdict: Verdict): boolean {
  const isAnswer = verdict.outcome === 'recovered' && hasSaidStuck;
  if (verdict.outcome === 'recovered') hasSaidStuck = false;
  else if (isStuck(verdict)) hasSaidStuck = true;
  return isAnswer || isStuck(verdict);
}

function tell(message: WatchdogMessage): void {
  parentPort?.postMessage(message);
}

function openTrace(): TraceSink | null {
  return openSink(job, (message) => {
    if (job.report === 'stderr') writeLine(2, `relayscope: ${printable(message)}`);
    tell({ kind: 'trace-failed', message });
  });
}

/** For a trace that nobody has asked for by name: where it is has to be said. */
function openUnasked(): TraceSink | null {
  if (job.report === 'stderr') writeLine(2, `relayscope: the trace is in ${printable(job.tracePath ?? '')}`);
  return openTrace();
}

const sink = job.traceWhen === 'stuck' && job.tracePath !== null ? new LazySink(openUnasked) : openTrace();
const { limitMs, busyLimitMs } = job;
const options = { limitMs, busyLimitMs, clock: systemClock, startedEpochMs, onVerdict };
const watchdog = new Watchdog(thread, sink, options);
watchdog.follow(job.ring);
watchdog.start();

const alive = (): void => {
  send({ relayscope: 'alive', atMs: epochMs() - startedEpochMs });
  cancelAlive = systemClock.after(ALIVE_INTERVAL_MS, alive);
};
let cancelAlive = (): void => undefined;
if (reportFd !== null) alive();

parentPort?.on('message', (order: WatchdogOrder) => {
  if (order.kind === 'append') {
    watchdog.append(order.item);
    return;
  }
  if (order.kind === 'flush') {
    sink?.flush();
    tell({ kind: 'flushed', number: order.number });
    return;
  }
  const { reason, message } = order;
  const atMs = Math.round(epochMs() - startedEpochMs);
  watchdog.stop();
  cancelAlive();
  sink?.end({ reason, atMs, ...(message === undefined ? {} : { message }) });
  send({ relayscope: 'end', atMs });
  // The program may stand in its exit handler, waiting for this.
  Atomics.store(pulse, Pulse.DONE, 1);
  Atomics.notify(pulse, Pulse.DONE);
  pings.close();
  parentPort?.close();
});
