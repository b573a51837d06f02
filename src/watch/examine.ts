import { sleep, type Clock } from '../poll/clock.ts';
import type { SocketNote, StackFrame } from '../trace/trace-note.ts';
import { WATCHED_KEY } from './answer-pings.ts';
import { captureStack } from './capture-stack.ts';
import { within, type InspectorClient } from './inspector-client.ts';
import { Pulse } from './pulse.ts';
import { readSockets } from './read-sockets.ts';
import type { WatchedThread } from './watched-thread.ts';

/** What a look into a thread that does not turn has shown. */
export type Examination =
  | {
      readonly kind: 'paused';
      readonly frames: readonly StackFrame[];
      readonly omitted: number;
      readonly sockets: readonly SocketNote[];
      readonly omittedSockets: number;
      readonly runsMicrotasks: boolean;
    }
  | { readonly kind: 'not-paused' | 'held' | 'unreachable' };

export interface ExamineOptions {
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Whether to find out if microtasks run: it takes a few milliseconds more. */
  readonly probesMicrotasks: boolean;
}

/** A microtask that can run does so as soon as the thread has had so much of the processor. */
const PROBE_CPU_MS = 8;
const PROBE_MS = 400;
/** Where nobody tells how much it has had. */
const PROBE_BLIND_MS = 40;
const PROBE_INTERVAL_MS = 2;
const PREPARE_TIMEOUT_MS = 1000;

/** Pauses the thread for a moment, and looks. Never rejects: a thread may end meanwhile. */
export async function examine(thread: WatchedThread, options: ExamineOptions): Promise<Examination> {
  try {
    const { client, close } = await thread.inspect();
    try {
      // Somebody may debug it: to pause it would stop their program under their hands.
      if (Atomics.load(thread.pulse, Pulse.DEBUGGER) === 1) return { kind: await isHeld(client, options) };
      return await look(thread, client, options);
    } finally {
      await close();
    }
  } catch {
    return { kind: 'unreachable' };
  }
}

/**
 * The first time, a debugger takes a thread some fifty milliseconds to get ready. Done while it is merely suspected, so
 * that the verdict, if there is one, has its stack in time. Never rejects.
 */
export async function prepare(thread: WatchedThread, clock: Clock): Promise<void> {
  if (Atomics.load(thread.pulse, Pulse.DEBUGGER) === 1) return;
  try {
    const { client, close } = await thread.inspect();
    try {
      await within(client.post('Debugger.enable'), PREPARE_TIMEOUT_MS, clock);
      await within(client.post('Debugger.disable'), PREPARE_TIMEOUT_MS, clock);
    } finally {
      await close();
    }
  } catch {
    // It has ended, or cannot be reached: if it matters, the examination says so.
  }
}

async function look(thread: WatchedThread, client: InspectorClient, options: ExamineOptions): Promise<Examination> {
  const { clock, timeoutMs, probesMicrotasks } = options;
  const before = Atomics.load(thread.pulse, Pulse.MICROTASKS);
  let sockets: ReturnType<typeof readSockets> = { sockets: [], omitted: 0 };
  const capture = await captureStack(client, {
    clock,
    timeoutMs,
    whilePaused: async (paused) => {
      if (probesMicrotasks) await paused.post('Runtime.evaluate', { expression: `${WATCHED}?.probe()` });
      sockets = await askSockets(paused);
    },
  });
  if (capture.kind !== 'paused') return { kind: capture.kind };
  const runsMicrotasks = probesMicrotasks && (await hasRun(thread, before, clock));
  return { ...capture, sockets: sockets.sockets, omittedSockets: sockets.omitted, runsMicrotasks };
}

const WATCHED = `globalThis[Symbol.for('${WATCHED_KEY}')]`;

/** What the program tells of its sockets; it need not be paused, but its event loop must turn if it is not. */
export async function askSockets(client: InspectorClient): Promise<ReturnType<typeof readSockets>> {
  const answer = await client.post('Runtime.evaluate', {
    expression: `${WATCHED}?.sockets?.()`,
    returnByValue: true,
  });
  return readSockets((answer as { result: { value?: unknown } }).result.value);
}

/** Whether the microtask queued while it was paused has run since, and the event loop has still not turned. */
async function hasRun(thread: WatchedThread, before: number, clock: Clock): Promise<boolean> {
  const heart = Atomics.load(thread.pulse, Pulse.HEART);
  const runs = (): boolean => Atomics.load(thread.pulse, Pulse.MICROTASKS) !== before;
  await runFor(thread, clock, runs);
  if (!runs()) return false;
  // It may have ended what it did, and be on its way back to the event loop.
  await runFor(thread, clock, () => Atomics.load(thread.pulse, Pulse.HEART) !== heart);
  return Atomics.load(thread.pulse, Pulse.HEART) === heart;
}

/** Lets the thread have the processor for a moment, or until something has come about. */
async function runFor(thread: WatchedThread, clock: Clock, isOver: () => boolean): Promise<void> {
  const start = thread.times();
  const startMs = clock.nowMs();
  const longestMs = start === null ? PROBE_BLIND_MS : PROBE_MS;
  while (!isOver()) {
    const now = thread.times();
    const usedMs = start === null || now === null ? 0 : now.cpuMs - start.cpuMs;
    if (usedMs >= PROBE_CPU_MS || clock.nowMs() - startMs >= longestMs) return;
    await sleep(PROBE_INTERVAL_MS, clock);
  }
}

async function isHeld(
  client: InspectorClient,
  { clock, timeoutMs }: ExamineOptions,
): Promise<'held' | 'unreachable' | 'not-paused'> {
  const pauses: unknown[] = [];
  const stop = client.on('Debugger.paused', (params) => {
    pauses.push(params);
  });
  try {
    if ((await within(client.post('Debugger.enable'), timeoutMs, clock)) === null) return 'not-paused';
    await within(client.post('Debugger.disable'), timeoutMs, clock);
    return pauses.length > 0 ? 'held' : 'unreachable';
  } finally {
    stop();
  }
}
