import { AsyncLocalStorage } from 'node:async_hooks';
import { url as inspectorUrl } from 'node:inspector';
import { parentPort, type MessagePort } from 'node:worker_threads';
import type { ConnectionNote } from '../../../src/trace/trace-note.ts';
import { watched } from '../../../src/watch/answer-pings.ts';
import type { Recorder } from '../../../src/trace/recorder.ts';
import type { HookTimeouts } from './hook-timeouts.ts';
import { reportToVitest } from './report-to-vitest.ts';
import type { StuckError, StuckPhase, StuckPlace } from './stuck-place.ts';
import { isUnrun, tasksBelow, titlesOf } from './task-tree.ts';
import { vitestState, type GuardedTask, type HookName, type VitestState } from './vitest-state.ts';

/** Where the watchdog finds the desk, on the global object of the guarded thread. */
export const DESK_KEY = 'relayscope.guard';

/** What a recorder has, for the watchdog. */
export interface LentRing {
  readonly buffer: SharedArrayBuffer;
  readonly connections: readonly ConnectionNote[];
  readonly elapsedMs: number;
}

/** From the guarded thread to its watchdog. */
export type GuardMessage =
  | { readonly kind: 'rings'; readonly rings: readonly LentRing[] }
  | { readonly kind: 'file'; readonly file: string; readonly root: string }
  | {
      readonly kind: 'tests';
      /** The longest time-out of any hook; infinite if one has none. */
      readonly hookMs: number;
      readonly tests: readonly {
        readonly titles: readonly string[];
        readonly line: number | null;
        readonly testMs: number;
      }[];
    };

/** The latest recorders are looked at, no more. */
const MAX_RECORDERS = 16;
/** The guard's own hook around each test. */
const OWN_AROUNDS = 1;
const HOOKS = ['beforeEach', 'afterEach', 'beforeAll', 'afterAll'] as const satisfies readonly HookName[];

export interface DeskLimits {
  readonly testMs: (test: GuardedTask) => number;
  /** Of the hooks of this file, as far as they are known. */
  readonly hooks: HookTimeouts;
  readonly collectMs: number;
  readonly isSet: boolean;
}

/**
 * What a guarded thread can be asked while it stands in the debugger, when its own event loop can tell nothing. Every
 * method returns at once, and takes and gives text.
 */
export class GuardDesk {
  /** The test that the running code belongs to, through promises and callbacks, whatever runs beside it. */
  readonly running = new AsyncLocalStorage<GuardedTask>();
  /** The tests that have begun, and with their hooks have not ended. */
  readonly unfinished = new Set<GuardedTask>();
  isCollecting = true;
  readonly #port: MessagePort;
  readonly #recorders: WeakRef<Recorder>[];
  readonly #reallyExit = (process as unknown as { reallyExit: (code: number) => void }).reallyExit.bind(process);
  readonly #toPool: ((message: object) => unknown) | null = poolOf();
  #limits: DeskLimits | null = null;
  #found: GuardedTask | null = null;

  constructor(port: MessagePort, recorders: WeakRef<Recorder>[]) {
    this.#port = port;
    this.#recorders = recorders;
  }

  setLimits(limits: DeskLimits): void {
    this.#limits = limits;
  }

  readonly heardOf = (recorder: Recorder): void => {
    this.#recorders.push(new WeakRef(recorder));
    if (this.#recorders.length > MAX_RECORDERS) this.#recorders.shift();
  };

  /** What runs, a `StuckPlace` as JSON; `null` if that is not known. */
  place(): string {
    const state = vitestState();
    const task = this.running.getStore() ?? state?.current ?? null;
    this.#found = task;
    return JSON.stringify(task === null ? null : this.#placeOf(task, state));
  }

  /** Sends the rings of the recorders that there are. */
  lend(): void {
    const rings: LentRing[] = [];
    for (const reference of this.#recorders) {
      const recorder = reference.deref();
      if (recorder === undefined) continue;
      const connections: ConnectionNote[] = [];
      recorder.notes.listen((item) => {
        if (item.kind === 'connection') connections.push(item.note);
      })();
      rings.push({ buffer: recorder.buffer, connections, elapsedMs: recorder.elapsedMs() });
    }
    this.send({ kind: 'rings', rings });
  }

  /** Tells vitest, about what was asked for last. @returns whether that was possible. */
  tell(error: string): boolean {
    const state = vitestState();
    if (state === null || this.#found === null) return false;
    return reportToVitest(state, this.#found, JSON.parse(error) as StuckError);
  }

  /**
   * Answers vitest's pool in place of the worker, which cannot: the file is finished, and then, asked to stop, it has
   * stopped. So the pool takes the end of the worker for what it is, and does not tell it as an error of its own.
   *
   * @returns whether that is so; a worker that other files share would be used again, and has to be seen dying.
   */
  answerPool(type: 'testfileFinished' | 'stopped'): boolean {
    const state = vitestState();
    if (state?.config?.isolate !== true || !['forks', 'threads'].includes(state.ctx?.pool ?? '')) return false;
    this.#toPool?.({ type, __vitest_worker_response__: true });
    return this.#toPool !== null;
  }

  /** Queues a microtask that the watchdog can see running. */
  probe(): void {
    watched().probe();
  }

  /** Ends this thread as soon as it is let go. */
  leave(): void {
    this.#reallyExit(1);
  }

  send(message: GuardMessage): void {
    this.#port.postMessage(message);
  }

  #placeOf(task: GuardedTask, state: VitestState | null): StuckPlace {
    const { file } = task;
    const { phase, isSure } = this.#phaseOf(task);
    const unrun = [...tasksBelow(file)].filter((one) => one !== task && isUnrun(one)).length;
    const files = state?.ctx?.files?.map(({ filepath }) => filepath) ?? [];
    const here = files.indexOf(file.filepath);
    return {
      root: state?.config?.root ?? process.cwd(),
      file: file.filepath,
      titles: titlesOf(task),
      phase,
      limitMs: this.#limitOf(phase, task),
      isLimitSet: this.#limits?.isSet ?? false,
      isDebugged: inspectorUrl() !== undefined,
      isSure,
      line: task.location?.line ?? null,
      hasEnded: task.type === 'test' && !this.unfinished.has(task),
      unrun,
      lostFiles: here === -1 ? [] : files.slice(here + 1),
    };
  }

  #phaseOf(task: GuardedTask): { phase: StuckPhase; isSure: boolean } {
    if (this.isCollecting) return { phase: 'collect', isSure: true };
    const hooks = task.result?.hooks ?? {};
    const hook = HOOKS.find((name) => hooks[name] === 'run');
    if (hook !== undefined) return { phase: hook, isSure: false };
    if (task.type === 'suite') return { phase: 'between', isSure: false };
    // Once its last hooks are over, clean-up follows.
    return {
      phase: 'test',
      isSure: hooks.beforeEach === undefined && hooks.afterEach === undefined && !this.#hasMore(task),
    };
  }

  /** Whether something with the time-out of a hook belongs to a test that vitest does not tell from the test itself. */
  #hasMore({ onFinished, onFailed }: GuardedTask): boolean {
    const handlers = (onFinished?.length ?? 0) + (onFailed?.length ?? 0);
    return handlers > 0 || (this.#limits?.hooks.arounds ?? 0) > OWN_AROUNDS;
  }

  #limitOf(phase: StuckPhase, task: GuardedTask): number | null {
    const limits = this.#limits;
    if (limits === null) return null;
    const { longestMs } = limits.hooks;
    const testMs = limits.testMs(task);
    const ofTest = this.#hasMore(task) ? Math.max(testMs, longestMs) : testMs;
    const ms = phase === 'collect' ? limits.collectMs : phase === 'test' ? ofTest : longestMs;
    return Number.isFinite(ms) ? ms : null;
  }
}

/** How a worker of vitest's speaks to its pool: a fork by its channel, a thread by its port. */
function poolOf(): ((message: object) => unknown) | null {
  // A test may put something else in its place.
  const send: ((message: object) => boolean) | undefined = process.send?.bind(process);
  const port = parentPort;
  if (send !== undefined) return send;
  if (port === null) return null;
  return (message) => {
    port.postMessage(message);
  };
}
