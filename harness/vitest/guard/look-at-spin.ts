import { sleep, type Clock } from '../../../src/poll/clock.ts';
import type { StackFrame } from '../../../src/trace/trace-note.ts';
import { captureStack, type Capture } from '../../../src/watch/capture-stack.ts';
import type { InspectorClient } from '../../../src/watch/inspector-client.ts';
import { Pulse } from '../../../src/watch/pulse.ts';
import type { CallFrame } from '../../../src/watch/read-frames.ts';
import { isOfUser } from '../../attach/stack.ts';
import { ask, askPlace, askRings, outermost } from './ask-desk.ts';
import { endThread, letGo, type AskDesk } from './end-thread.ts';
import type { LentRing } from './guard-desk.ts';
import { longestMs, lookAtNative } from './look-at-blocked.ts';
import { PAUSE_TIMEOUT_MS, type Look, type LookOrder } from './look-order.ts';
import { mappedStack } from './mapped-stack.ts';
import { reportStuck, type StuckCase } from './report-stuck.ts';
import { RingCounter } from './ring-counter.ts';
import type { StuckPlace } from './stuck-place.ts';
import type { StuckThread } from './stuck-thread.ts';

/** A thread that works for so long before it pauses was at something else than a loop: collecting garbage, or in a call. */
const LATE_PAUSE_CPU_MS = 300;
/** Where microtasks go round, a pause may come in Node's own code; so often it is tried to see the user's. */
const MAX_SECOND_LOOKS = 4;
/** Between the two looks it uses the processor for so long, so that what changes can be told from what stays. */
const BETWEEN_CPU_MS = 10;
const MAX_BETWEEN_MS = 300;
const BETWEEN_STEP_MS = 5;

interface FirstLook {
  readonly place: StuckPlace | null;
  readonly isDue: boolean;
  readonly frames: readonly StackFrame[];
  readonly counters: readonly RingCounter[];
  /** How many microtasks of ours had run. */
  readonly microtasks: number;
}

/** Looks twice at what uses the processor, reports it, and ends it. */
export async function lookAtSpin(thread: StuckThread, client: InspectorClient, order: LookOrder): Promise<Look> {
  const { clock } = order;
  const first = await firstLook(thread, client, order);
  if (first === 'unpaused' && order.isLast) return lookAtNative(thread, order);
  if (typeof first === 'string') return first;
  if (!order.isQuiet()) return 'moved';
  if (!first.isDue) return 'waits';
  if (first.place?.isDebugged === true) return 'debugged';
  const second = await secondLook(thread, client, { order, first });
  if (second.kind !== 'paused') return second.kind === 'held' ? 'held' : 'unpaused';
  if (!order.isQuiet()) {
    await letGo(client, clock);
    return 'moved';
  }
  const { place } = second;
  const mapped = await mappedStack(client, second, clock);
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
    runsMicrotasks: Atomics.load(thread.pulse, Pulse.MICROTASKS) !== first.microtasks,
    counters: first.counters,
  };
  const askDesk: AskDesk = (call) => ask(client, call);
  const isTold = await reportStuck(found, order, async (error) => {
    const answer = await askDesk(`tell(${JSON.stringify(JSON.stringify(error))})`);
    return answer === true;
  });
  await endThread(thread, askDesk, { clock, isTold });
  return 'ended';
}

type SecondLook = Capture & { readonly place: StuckPlace | null; readonly callFrames: readonly CallFrame[] };

/** Once it has gone on for a moment; the thread stays paused. */
async function secondLook(
  thread: StuckThread,
  client: InspectorClient,
  { order: { clock }, first }: { order: LookOrder; first: FirstLook },
): Promise<SecondLook> {
  const hasRun = (): boolean => Atomics.load(thread.pulse, Pulse.MICROTASKS) !== first.microtasks;
  for (let looks = 1; ; looks += 1) {
    await letRun(thread, clock, hasRun);
    const seen: { place: StuckPlace | null; callFrames: readonly CallFrame[] } = { place: first.place, callFrames: [] };
    const capture = await captureStack(client, {
      clock,
      timeoutMs: PAUSE_TIMEOUT_MS,
      keepPaused: true,
      whilePaused: async (client, callFrames) => {
        seen.callFrames = callFrames;
        seen.place = (await askPlace(client, callFrames)) ?? first.place;
      },
    });
    const isSeen = capture.kind !== 'paused' || capture.frames.some(isOfUser);
    if (isSeen || looks === MAX_SECOND_LOOKS) return { ...capture, ...seen };
    await letGo(client, clock);
  }
}

/** A microtask that can run does so at once; one that cannot is not waited for for long. */
async function letRun(thread: StuckThread, clock: Clock, isSeen: () => boolean): Promise<void> {
  const start = thread.times();
  for (let spentMs = 0; spentMs < MAX_BETWEEN_MS; spentMs += BETWEEN_STEP_MS) {
    await sleep(BETWEEN_STEP_MS, clock);
    const now = thread.times();
    const usedMs = start === null || now === null ? spentMs : now.cpuMs - start.cpuMs;
    if (isSeen() || usedMs >= BETWEEN_CPU_MS) return;
  }
}

/** What it is in; once that has had its time, with what a second look is to be compared with. */
async function firstLook(thread: StuckThread, client: InspectorClient, order: LookOrder): Promise<Look | FirstLook> {
  const { clock } = order;
  const start = thread.times();
  const microtasks = Atomics.load(thread.pulse, Pulse.MICROTASKS);
  const look = { place: null as StuckPlace | null, isDue: false, workedMs: 0, counters: [] as RingCounter[] };
  const seen = await captureStack(client, {
    clock,
    timeoutMs: PAUSE_TIMEOUT_MS,
    whilePaused: async (client, callFrames) => {
      look.workedMs = (thread.times()?.cpuMs ?? 0) - (start?.cpuMs ?? 0);
      if (!order.isQuiet()) return;
      const place = await askPlace(client, callFrames);
      look.place = place;
      // Without vitest's state there is what the thread had told while it could.
      look.isDue =
        place === null ? order.silentMs >= longestMs(thread, order) : order.isDue(place, outermost(callFrames));
      if (!look.isDue) return;
      look.counters = (await askRings(thread, client, clock)).flatMap(counterOf);
      await ask(client, 'probe()');
    },
  });
  if (seen.kind === 'held') return 'held';
  if (seen.kind === 'not-paused') return order.isQuiet() ? 'unpaused' : 'moved';
  if (look.workedMs > LATE_PAUSE_CPU_MS && !order.isLast) return 'unpaused';
  const { place, isDue, counters } = look;
  return { place, isDue, frames: seen.frames, counters, microtasks };
}

function counterOf(ring: LentRing): RingCounter[] {
  try {
    return [new RingCounter(ring)];
  } catch {
    // What a test makes of a recorder's memory is its own affair.
    return [];
  }
}
