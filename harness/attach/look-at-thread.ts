import type { Clock } from '../../src/poll/clock.ts';
import { captureStack, type Capture } from '../../src/watch/capture-stack.ts';
import { within, type InspectorClient } from '../../src/watch/inspector-client.ts';
import { AttachError } from './attach-error.ts';
import { captureHotFunction } from './capture-hot-function.ts';
import { evaluate, evaluateObject } from './evaluate.ts';
import { insideLooker, type InsideLook } from './inside-look.ts';
import { isOfUser, type Stack } from './stack.ts';
import { sleep } from './sleep.ts';

/** What a thread was seen to do while it was watched. */
export type ThreadLook =
  | {
      /** Its event loop turns. */
      readonly kind: 'turning';
      readonly before: InsideLook;
      readonly after: InsideLook;
      readonly watchedMs: number;
      /** Where it was when it was stopped, if it is at work all the time. */
      readonly stacks: readonly Stack[];
    }
  | {
      /** Its event loop does not turn; it goes round in JavaScript. */
      readonly kind: 'frozen';
      readonly loop: 'synchronous' | 'microtask';
      readonly watchedMs: number;
      /** Two, with time between them. */
      readonly stacks: readonly Stack[];
      readonly inside: InsideLook;
    }
  /** It stands in one call that is no JavaScript, and can be asked nothing. */
  | { readonly kind: 'unanswering'; readonly watchedMs: number };

export interface LookOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** How long two looks lie apart. */
  readonly windowMs: number;
}

/** An event loop that turns answers within this; what takes longer is looked at more closely, and asked again. */
const TURN_TIMEOUT_MS = 400;
const PAUSE_TIMEOUT_MS = 1500;
/** From this share of the time on an event loop is at work all the time, and worth a look at where. */
export const BUSY_SHARE = 0.5;
const SAMPLES = 3;
const MAX_HELD = 3;
const HELD_FOR_MS = 200;

/** Settles in the next turn of the event loop, and not before. */
const TURN = `new Promise((resolve) => { setImmediate(() => { resolve(1); }); })`;
/** Counts in a loop of microtasks, or of ticks: one of the two never runs in the other. Not in a synchronous one. */
const QUEUE_PROBE = `(() => {
  const seen = { ran: 0 };
  queueMicrotask(() => { seen.ran += 1; });
  process.nextTick(() => { seen.ran += 1; });
  return seen;
})()`;

/** Watches one thread through its inspector. It goes on afterwards as it did. Throws ATTACH_HELD. */
export async function lookAtThread(client: InspectorClient, options: LookOptions): Promise<ThreadLook> {
  const { clock } = options;
  const startedMs = clock.nowMs();
  const turn = { isOver: false };
  const turned = evaluate(client, TURN, true).then(
    () => {
      turn.isOver = true;
    },
    // Not within the limit of a command, or the connection has ended.
    () => undefined,
  );
  await within(turned, TURN_TIMEOUT_MS, clock);
  const frozen = turn.isOver ? null : await lookAtFrozen(client, options, startedMs);
  // It was at work on something long, and has come back from it.
  if (frozen === null || isOver(turn)) return lookAtTurning(client, options);
  return frozen;
}

/** Asked anew: it changes while we wait for other things. */
function isOver(turn: { readonly isOver: boolean }): boolean {
  return turn.isOver;
}

async function lookAtFrozen(
  client: InspectorClient,
  { clock, signal, windowMs }: LookOptions,
  startedMs: number,
): Promise<ThreadLook> {
  const options = { clock, signal };
  const first = await capture(client, options, async () => ({
    probe: await evaluateObject(client, QUEUE_PROBE),
    looker: await insideLooker(client),
  }));
  if (first === null) return { kind: 'unanswering', watchedMs: clock.nowMs() - startedMs };
  const { probe, looker } = first.answer;
  await sleep(windowMs, clock, signal);
  const second = await capture(client, options, async () => ({
    ran: await probe.call('function () { return this.ran; }'),
    inside: await looker(),
  }));
  const watchedMs = clock.nowMs() - startedMs;
  if (second === null) return { kind: 'unanswering', watchedMs };
  const { ran, inside } = second.answer;
  const loop = ran === 0 ? 'synchronous' : 'microtask';
  return { kind: 'frozen', loop, watchedMs, stacks: [first.stack, second.stack], inside };
}

async function lookAtTurning(client: InspectorClient, { clock, signal, windowMs }: LookOptions): Promise<ThreadLook> {
  const looker = await insideLooker(client);
  const before = await looker();
  const startedMs = clock.nowMs();
  await sleep(windowMs, clock, signal);
  const after = await looker();
  const watchedMs = clock.nowMs() - startedMs;
  const stacks: Stack[] = [];
  if (busyShare(before, after) >= BUSY_SHARE) {
    for (let samples = 0; samples < SAMPLES && !signal.aborted; samples += 1) {
      const captured = await capture(client, { clock, signal }, () => Promise.resolve(null));
      if (captured === null || captured.stack.frames.length === 0) continue;
      stacks.push(captured.stack);
    }
  }
  return { kind: 'turning', before, after, watchedMs, stacks };
}

/** How much of the time between two looks the event loop was at work, 0 … 1. */
export function busyShare(before: InsideLook, after: InsideLook): number {
  const active = after.activeMs - before.activeMs;
  const idle = after.idleMs - before.idleMs;
  return active + idle > 0 ? Math.max(0, active / (active + idle)) : 0;
}

/** The stack, and what the thread answered while it stood; null if it does not stop. */
async function capture<T>(
  client: InspectorClient,
  options: Pick<LookOptions, 'clock' | 'signal'>,
  ask: () => Promise<T>,
): Promise<{ readonly stack: Stack; readonly answer: T } | null> {
  const { clock, signal } = options;
  const answers: T[] = [];
  const stop = (): Promise<Capture> =>
    captureStack(client, {
      clock,
      timeoutMs: PAUSE_TIMEOUT_MS,
      whilePaused: async () => {
        answers.push(await ask());
      },
    });
  let captured = await stop();
  // A watchdog in that program pauses it for a moment, too; a person holds it for longer.
  for (let times = 0; captured.kind === 'held' && times < MAX_HELD && !signal.aborted; times += 1) {
    await sleep(HELD_FOR_MS, clock, signal);
    captured = await stop();
  }
  switch (captured.kind) {
    case 'paused': {
      // `ask` has come to an end, or captureStack would have thrown.
      const answer = answers[0] as T;
      if (captured.frames.some(isOfUser)) return { stack: captured, answer };
      return { stack: (await captureHotFunction(client, options)) ?? captured, answer };
    }
    case 'not-paused':
      return null;
    case 'held':
      throw new AttachError('ATTACH_HELD', 'A debugger holds the thread: it was left paused, as it was found');
  }
}
