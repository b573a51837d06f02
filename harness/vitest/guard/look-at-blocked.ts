import { captureStack } from '../../../src/watch/capture-stack.ts';
import type { InspectorClient } from '../../../src/watch/inspector-client.ts';
import { Pulse } from '../../../src/watch/pulse.ts';
import type { CallFrame } from '../../../src/watch/read-frames.ts';
import { systemCall } from '../../../src/watch/thread-state.ts';
import { askPlace, outermost } from './ask-desk.ts';
import { endProcess, letGo } from './end-thread.ts';
import type { Look, LookOrder } from './look-order.ts';
import { mappedStack, type MappedStack } from './mapped-stack.ts';
import { reportUnseen, type StuckCase } from './report-stuck.ts';
import type { StuckPlace } from './stuck-place.ts';
import type { StuckThread } from './stuck-thread.ts';

/** One that uses no processor answers at once, or only when its call returns. */
const IDLE_TIMEOUT_MS = 200;
const NO_STACK: MappedStack = { frames: [], lines: [] };

/** Looks at what uses no processor. It is told, once, and ended only if somebody has set a limit for that. */
export async function lookAtBlocked(thread: StuckThread, client: InspectorClient, order: LookOrder): Promise<Look> {
  const { clock, blockedLimitMs, silentMs } = order;
  const call = systemCall(Atomics.load(thread.pulse, Pulse.TID));
  const look = { place: null as StuckPlace | null, calls: [] as readonly CallFrame[] };
  const seen = await captureStack(client, {
    clock,
    timeoutMs: IDLE_TIMEOUT_MS,
    keepPaused: true,
    whilePaused: async (client, callFrames) => {
      look.calls = callFrames;
      look.place = await askPlace(client, callFrames);
    },
  });
  if (seen.kind === 'held') return 'held';
  const isQuiet = order.isQuiet();
  const mapped =
    seen.kind === 'paused' && isQuiet
      ? await mappedStack(client, { callFrames: look.calls, frames: seen.frames }, clock)
      : NO_STACK;
  if (seen.kind === 'paused') await letGo(client, clock);
  if (!isQuiet) return 'moved';
  const isOver = blockedLimitMs !== null && silentMs >= blockedLimitMs;
  const isDue =
    look.place === null
      ? silentMs >= (thread.known().testMs ?? order.limitMs)
      : order.isDue(look.place, outermost(look.calls));
  if (!isDue && !isOver) return 'waits';
  if (order.hasToldBlocked && !isOver) return 'blocked';
  const found = { ...unseen(thread, order), place: look.place, ...mapped };
  reportUnseen(found, order, { systemCall: call, noStack: null, end: isOver ? endOf(thread) : 'goes on' });
  return isOver ? end(thread) : 'blocked';
}

/** It works, and could not be paused in several tries: it is in one call of Node or of an addon that does not end. */
export function lookAtNative(thread: StuckThread, order: LookOrder): Look {
  if (!order.isQuiet()) return 'moved';
  if (order.silentMs < longestMs(thread, order)) return 'unpaused';
  reportUnseen(unseen(thread, order), order, {
    systemCall: null,
    noStack: 'does not pause',
    end: endOf(thread),
  });
  return end(thread);
}

/** So long may last what runs, whether that is the test or one of its hooks: it cannot be asked. */
export function longestMs(thread: StuckThread, { limitMs }: LookOrder): number {
  const { testMs = 0, hookMs = limitMs } = thread.known();
  return Math.max(testMs, hookMs);
}

function unseen(thread: StuckThread, { silentMs, limitMs, cpu }: LookOrder): StuckCase {
  return {
    place: null,
    thread: thread.name,
    known: thread.known(),
    silentMs,
    limitMs,
    cpu,
    before: [],
    ...NO_STACK,
    omitted: 0,
    runsMicrotasks: false,
    counters: [],
  };
}

/** A thread that runs no JavaScript cannot be ended from within, and its process is vitest itself. */
function endOf({ threadId }: StuckThread): 'ended' | 'stays' {
  return threadId === 0 ? 'ended' : 'stays';
}

function end({ threadId }: StuckThread): Look {
  if (threadId !== 0) return 'given-up';
  endProcess();
  return 'ended';
}
