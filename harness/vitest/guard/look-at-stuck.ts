import type { Clock } from '../../../src/poll/clock.ts';
import type { StackFrame } from '../../../src/trace/trace-note.ts';
import { captureStack } from '../../../src/watch/capture-stack.ts';
import { within, type InspectorClient } from '../../../src/watch/inspector-client.ts';
import { Pulse } from '../../../src/watch/pulse.ts';
import { systemCall } from '../../../src/watch/thread-state.ts';
import type { CallFrame } from '../../../src/watch/read-frames.ts';
import { DESK_KEY, type LentRing } from './guard-desk.ts';
import { endProcess, endThread, type AskDesk } from './end-thread.ts';
import { mappedStack, type MappedStack } from './mapped-stack.ts';
import { reportBlocked, reportDebugged, reportStuck, type StuckCase } from './report-stuck.ts';
import { RingCounter } from './ring-counter.ts';
import type { StuckPlace } from './stuck-place.ts';
import type { StuckThread } from './stuck-thread.ts';

export interface LookOrder {
  readonly clock: Clock;
  readonly folder: string;
  readonly isOnGitHub: boolean;
  readonly blockedLimitMs: number | null;
  readonly limitMs: number;
  readonly silentMs: number;
  readonly cpu: number | null;
  /** It uses no processor, and does not wait for one. */
  readonly isIdle: boolean;
  /** It could not be paused several times: nothing more will be learned of it. */
  readonly isLast: boolean;
  readonly hasToldBlocked: boolean;
  readonly hasToldDebugged: boolean;
  /** Nothing has come from the thread since. */
  isQuiet(): boolean;
  /** @param what the function that it is in, as the outermost frame of the user's has it. */
  isDue(place: StuckPlace, what: string): boolean;
}

/**
 * moved: it turns after all. waits: what runs may go on for longer. held: a debugger holds it. debugged: one is attached.
 * blocked: it stands in a call. unpaused: it works, and does not pause. ended: it was reported, and is gone.
 */
export type Look = 'moved' | 'waits' | 'held' | 'debugged' | 'blocked' | 'unpaused' | 'ended';

const PAUSE_TIMEOUT_MS = 1000;
/** One that uses no processor answers at once, or only when its call returns. */
const IDLE_TIMEOUT_MS = 200;
/** A pause that comes so late was held up by something else than the loop: a long collection of garbage, a call. */
const LATE_PAUSE_MS = 400;
const RINGS_TIMEOUT_MS = 200;
/** Between the two looks it uses the processor for so long, so that what changes can be told from what stays. */
const BETWEEN_CPU_MS = 10;
const MAX_BETWEEN_MS = 300;
const BETWEEN_STEP_MS = 5;

const DESK = `globalThis[Symbol.for('${DESK_KEY}')]`;
// In a vm pool the file's global object is not the thread's; `process` is the same.
const ANY_DESK = `(${DESK} ?? process[Symbol.for('${DESK_KEY}')])?.desk`;

/** Looks into a thread whose event loop has not turned for too long; if it goes round, reports and ends it. */
export async function lookAtStuck(thread: StuckThread, order: LookOrder): Promise<Look> {
  if (Atomics.load(thread.pulse, Pulse.DEBUGGER) === 1) return debugged(thread, order);
  const { client, close } = await thread.inspect();
  try {
    if (order.isIdle) return await blocked(thread, client, order);
    return await stuck(thread, client, order);
  } finally {
    await close().catch(() => undefined);
  }
}

interface FirstLook {
  readonly place: StuckPlace | null;
  readonly isDue: boolean;
  readonly frames: readonly StackFrame[];
  readonly counters: readonly RingCounter[];
}

async function stuck(thread: StuckThread, client: InspectorClient, order: LookOrder): Promise<Look> {
  const { clock } = order;
  const first = await firstLook(thread, client, order);
  if (typeof first === 'string') return first;
  if (!order.isQuiet()) return 'moved';
  if (!first.isDue) return 'waits';
  const microtasks = Atomics.load(thread.pulse, Pulse.MICROTASKS);
  await letRun(thread, clock, () => Atomics.load(thread.pulse, Pulse.MICROTASKS) !== microtasks);
  const paused: { place: StuckPlace | null; callFrames: readonly CallFrame[] } = { place: first.place, callFrames: [] };
  const second = await captureStack(client, {
    clock,
    timeoutMs: PAUSE_TIMEOUT_MS,
    keepPaused: true,
    whilePaused: async (client, callFrames) => {
      paused.callFrames = callFrames;
      paused.place = (await askPlace(client)) ?? first.place;
    },
  });
  if (second.kind !== 'paused') return second.kind === 'held' ? 'held' : 'unpaused';
  if (!order.isQuiet()) {
    await letGo(client, clock);
    return 'moved';
  }
  const { place, callFrames } = paused;
  const mapped = await mappedStack(client, callFrames, second.frames);
  const found: StuckCase = {
    place,
    thread: thread.name,
    known: thread.known(),
    silentMs: order.silentMs,
    limitMs: place?.limitMs ?? order.limitMs,
    cpu: order.cpu,
    before: first.frames,
    frames: mapped.frames,
    lines: mapped.lines,
    omitted: second.omitted,
    runsMicrotasks: Atomics.load(thread.pulse, Pulse.MICROTASKS) !== microtasks,
    counters: first.counters,
  };
  const askDesk: AskDesk = (call) => ask(client, call);
  const isTold = await reportStuck(found, order, async (error) => {
    const answer = await askDesk(`tell(${JSON.stringify(JSON.stringify(error))})`);
    return answer === true;
  });
  await endThread(thread, client, askDesk, { clock, isTold });
  return 'ended';
}

/** A microtask that can run does so at once; one that cannot is not waited for for long. */
async function letRun(thread: StuckThread, clock: Clock, isSeen: () => boolean): Promise<void> {
  const start = thread.times();
  for (let spentMs = 0; spentMs < MAX_BETWEEN_MS; spentMs += BETWEEN_STEP_MS) {
    await new Promise<void>((resolve) => {
      clock.after(BETWEEN_STEP_MS, resolve);
    });
    const now = thread.times();
    const usedMs = start === null || now === null ? spentMs : now.cpuMs - start.cpuMs;
    if (isSeen() || usedMs >= BETWEEN_CPU_MS) return;
  }
}

/** What it is in; once that has had its time, with what a second look is to be compared with. */
async function firstLook(thread: StuckThread, client: InspectorClient, order: LookOrder): Promise<Look | FirstLook> {
  const { clock } = order;
  const startMs = clock.nowMs();
  const look = { place: null as StuckPlace | null, isDue: false, pausedMs: startMs, counters: [] as RingCounter[] };
  const seen = await captureStack(client, {
    clock,
    timeoutMs: PAUSE_TIMEOUT_MS,
    whilePaused: async (client, callFrames) => {
      look.pausedMs = clock.nowMs();
      if (!order.isQuiet()) return;
      const place = await askPlace(client);
      look.place = place;
      // Without vitest's state there is the limit that goes with the silence.
      look.isDue = place === null ? order.silentMs >= order.limitMs : order.isDue(place, outermost(callFrames));
      if (!look.isDue) return;
      look.counters = (await askRings(thread, client, clock)).flatMap(counterOf);
      await ask(client, 'probe()');
    },
  });
  if (seen.kind === 'held') return 'held';
  if (seen.kind === 'not-paused') return order.isQuiet() ? 'unpaused' : 'moved';
  if (look.pausedMs - startMs > LATE_PAUSE_MS && !order.isLast) return 'unpaused';
  return { place: look.place, isDue: look.isDue, frames: seen.frames, counters: look.counters };
}

/** The user's outermost function: the test or the hook itself, if what runs was called by it. */
function outermost(callFrames: readonly CallFrame[]): string {
  const frame = callFrames.findLast(
    ({ url }) => url !== '' && !url.startsWith('node:') && !/\/(?:node_modules)\//.test(url),
  );
  if (frame === undefined) return '';
  const { scriptId, lineNumber } = frame.functionLocation ?? frame.location;
  return `${scriptId}:${lineNumber}`;
}

async function blocked(thread: StuckThread, client: InspectorClient, order: LookOrder): Promise<Look> {
  const { clock } = order;
  const call = systemCall(Atomics.load(thread.pulse, Pulse.TID));
  const look = { place: null as StuckPlace | null, calls: [] as readonly CallFrame[] };
  let mapped: MappedStack = { frames: [], lines: [] };
  const seen = await captureStack(client, {
    clock,
    timeoutMs: IDLE_TIMEOUT_MS,
    keepPaused: true,
    whilePaused: async (client, callFrames) => {
      look.calls = callFrames;
      look.place = await askPlace(client);
    },
  });
  if (seen.kind === 'held') return 'held';
  if (!order.isQuiet()) {
    await letGo(client, clock);
    return 'moved';
  }
  if (seen.kind === 'paused') {
    mapped = await mappedStack(client, look.calls, seen.frames);
    await letGo(client, clock);
    if (look.place !== null && !order.isDue(look.place, outermost(look.calls))) return 'waits';
  } else if (order.silentMs < order.limitMs) return 'waits';
  const isOver = order.blockedLimitMs !== null && order.silentMs >= order.blockedLimitMs;
  if (order.hasToldBlocked && !isOver) return 'blocked';
  reportBlocked(
    {
      place: look.place,
      thread: thread.name,
      known: thread.known(),
      silentMs: order.silentMs,
      limitMs: order.limitMs,
      cpu: order.cpu,
      before: [],
      frames: mapped.frames,
      lines: mapped.lines,
      omitted: 0,
      runsMicrotasks: false,
      counters: [],
    },
    order,
    { systemCall: call, isEnded: isOver },
  );
  if (!isOver) return 'blocked';
  if (thread.threadId === 0) endProcess();
  return 'ended';
}

async function debugged(thread: StuckThread, order: LookOrder): Promise<Look> {
  if (order.silentMs < order.limitMs) return 'waits';
  const isPaused = await isHeldByOther(thread, order.clock);
  if (isPaused) return 'held';
  if (!order.isQuiet()) return 'moved';
  if (!order.hasToldDebugged && !order.isIdle) reportDebugged(thread.known(), order.silentMs);
  return 'debugged';
}

/** A debugger that comes later hears of a pause at once. */
async function isHeldByOther(thread: StuckThread, clock: Clock): Promise<boolean> {
  const { client, close } = await thread.inspect();
  let isHeld = false;
  const stop = client.on('Debugger.paused', () => {
    isHeld = true;
  });
  try {
    await within(client.post('Debugger.enable'), PAUSE_TIMEOUT_MS, clock);
    await within(client.post('Debugger.disable'), PAUSE_TIMEOUT_MS, clock);
  } finally {
    stop();
    await close().catch(() => undefined);
  }
  return isHeld;
}

async function letGo(client: InspectorClient, clock: Clock): Promise<void> {
  await within(client.post('Debugger.disable'), PAUSE_TIMEOUT_MS, clock);
}

async function ask(client: InspectorClient, call: string): Promise<unknown> {
  const answer = await client.post('Runtime.evaluate', {
    expression: `${ANY_DESK}?.${call}`,
    returnByValue: true,
    silent: true,
  });
  return (answer as { result: { value?: unknown } }).result.value;
}

async function askPlace(client: InspectorClient): Promise<StuckPlace | null> {
  const text = await ask(client, 'place()');
  // The desk has made it: there is nobody else who would.
  return typeof text === 'string' ? (JSON.parse(text) as StuckPlace | null) : null;
}

async function askRings(thread: StuckThread, client: InspectorClient, clock: Clock): Promise<readonly LentRing[]> {
  const rings = thread.nextRings();
  await ask(client, 'lend()');
  return (await within(rings, RINGS_TIMEOUT_MS, clock)) ?? [];
}

function counterOf(ring: LentRing): RingCounter[] {
  try {
    return [new RingCounter(ring)];
  } catch {
    // What a test makes of a recorder's memory is its own affair.
    return [];
  }
}
