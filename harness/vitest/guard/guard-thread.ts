import { join, resolve } from 'node:path';
import { MessageChannel, Worker, isMainThread, threadId, type MessagePort } from 'node:worker_threads';
import { siblingModule } from '../../../src/sibling-module.ts';
import { wishForRecorder } from '../../../src/trace/ambient-wish.ts';
import { hearOfRecorders } from '../../../src/trace/made-recorders.ts';
import type { Recorder } from '../../../src/trace/recorder.ts';
import { answerPings } from '../../../src/watch/answer-pings.ts';
import { DESK_KEY, GuardDesk } from './guard-desk.ts';
import { guardSettings, type GuardOptions, type GuardSettings } from './guard-options.ts';
import { GuardPhase, GuardWord, limitWord, makeGuardWords } from './guard-words.ts';
import type { GuardJob } from './guard-watchdog.ts';
import { hookTimeouts, orInfinite, type HooksOf, type HookTimeouts } from './hook-timeouts.ts';
import { reportName } from './report-name.ts';
import { tasksBelow, titlesOf } from './task-tree.ts';
import { vitestState, type GuardedFile, type GuardedTask } from './vitest-state.ts';
import { WaitingTests } from './waiting-test.ts';

/** What lasts as long as the thread, while files come and go. */
interface Guard {
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly port: MessagePort;
  readonly recorders: WeakRef<Recorder>[];
  /** Of the file that runs: in the vm pools, of its own global object. */
  desk: GuardDesk;
}

/** What is used of the context of a test. */
export interface GuardedContext {
  readonly task: GuardedTask;
  readonly signal: AbortSignal;
}

/** Vitest's own. */
const DEFAULT_TEST_MS = 5000;
const DEFAULT_HOOK_MS = 10_000;

const GUARD = Symbol.for(DESK_KEY);
/** Enough for what led to a hang of one test, in 80 KB. */
const RECORDS = { keptRecords: 512, ringRecords: 2048 };

type GuardPlace = Record<symbol, Guard | undefined>;

/** Guards the file that is being collected now. */
export class GuardedThread {
  readonly #guard: Guard;
  readonly #settings: GuardSettings;
  readonly #hooksOf: HooksOf;
  /** The shortest that a hook may have: when it is worth a look. */
  readonly #hookMs: number;
  readonly #numbers = new Map<string, number>();
  readonly #waiting: WaitingTests<GuardedTask>;

  private constructor(
    guard: Guard,
    settings: GuardSettings,
    { hooksOf, hookMs, root }: { hooksOf: HooksOf; hookMs: number; root: string },
  ) {
    this.#guard = guard;
    this.#settings = settings;
    this.#hooksOf = hooksOf;
    this.#hookMs = settings.limitMs ?? hookMs;
    this.#waiting = new WaitingTests({
      root,
      tracePath: (test, number) => {
        const name = reportName('waiting', { file: test.file.filepath, titles: titlesOf(test), root });
        return join(resolve(root, settings.folder), `${name}${number === 1 ? '' : `-${number}`}.trace`);
      },
    });
  }

  /** Null if the guard is switched off, or has nothing to guard. Throws GUARD_OPTION_INVALID. */
  static begin(options: GuardOptions, hooksOf: HooksOf): GuardedThread | null {
    const state = vitestState();
    const { mode, hookTimeout = DEFAULT_HOOK_MS, root = process.cwd() } = state?.config ?? {};
    const settings = guardSettings(process.env, options, hookTimeout);
    // Vitest 4 gives a benchmark no time-out, and lets it go round in microtasks for as long as it was told to.
    if (!settings.isEnabled || mode === 'benchmark') return null;
    const guard = findGuard(settings);
    const thread = new GuardedThread(guard, settings, { hooksOf, hookMs: hookTimeout, root });
    thread.#setLimits({ longestMs: orInfinite(thread.#hookMs), arounds: 0 });
    guard.desk.isCollecting = true;
    hearOfRecorders(guard.desk.heardOf);
    wishForRecorder(RECORDS);
    const file = state?.filepath;
    if (file !== undefined) guard.desk.send({ kind: 'file', file, root });
    thread.#mark(GuardPhase.COLLECT, settings.collectLimitMs, 0);
    return thread;
  }

  /** All tests of the file are known now. */
  collected(): void {
    this.#guard.desk.isCollecting = false;
    const file = vitestState()?.current?.file;
    if (file !== undefined) {
      const tests = [...tasksBelow(file)].filter(({ type }) => type === 'test');
      for (const [index, { id }] of tests.entries()) this.#numbers.set(id, index + 1);
      const hooks = this.#hooksIn(file);
      this.#setLimits(hooks);
      this.#guard.desk.send({
        kind: 'tests',
        hookMs: hooks.longestMs,
        tests: tests.map((test) => ({
          titles: titlesOf(test),
          line: test.location?.line ?? null,
          testMs: this.#testMs(test),
        })),
      });
    }
    this.#mark(GuardPhase.BETWEEN, this.#hookMs, 0);
  }

  /** Runs a test, with its hooks. */
  async around(runTest: () => Promise<void>, context: GuardedContext): Promise<void> {
    const test = context.task;
    const { running, unfinished } = this.#guard.desk;
    unfinished.add(test);
    this.#mark(GuardPhase.TEST, this.#limitOf(test), this.#numbers.get(test.id) ?? 0);
    try {
      await running.run(test, () => this.#waiting.around(context, runTest));
    } finally {
      unfinished.delete(test);
      if (unfinished.size === 0) this.#mark(GuardPhase.BETWEEN, this.#hookMs, 0);
    }
  }

  #setLimits(hooks: HookTimeouts): void {
    const { limitMs, collectLimitMs } = this.#settings;
    this.#guard.desk.setLimits({
      testMs: (test) => this.#testMs(test),
      hooks,
      collectMs: collectLimitMs,
      isSet: limitMs !== null,
    });
  }

  #hooksIn(file: GuardedFile): HookTimeouts {
    const { limitMs } = this.#settings;
    // The file may have set another default for itself (`vi.setConfig`).
    const { hookTimeout = DEFAULT_HOOK_MS } = vitestState()?.config ?? {};
    const hooks = hookTimeouts(file, this.#hooksOf, [this.#hookMs, hookTimeout]);
    return limitMs === null ? hooks : { ...hooks, longestMs: limitMs };
  }

  /** Infinite for a test without a time-out. */
  #testMs({ timeout }: GuardedTask): number {
    return this.#settings.limitMs ?? orInfinite(timeout ?? vitestState()?.config?.testTimeout ?? DEFAULT_TEST_MS);
  }

  /** When it is worth a look: what runs then has its own limit. */
  #limitOf(test: GuardedTask): number {
    const limits = [this.#settings.limitMs ?? test.timeout ?? 0, this.#hookMs].map(limitWord).filter((ms) => ms > 0);
    // Of tests that run beside one another, the one with the shortest limit.
    if (this.#guard.desk.unfinished.size > 1)
      limits.push(...[this.#guard.words[GuardWord.LIMIT_MS] ?? 0].filter((ms) => ms > 0));
    return limits.length === 0 ? 0 : Math.min(...limits);
  }

  #mark(phase: number, limitMs: number, test: number): void {
    const { words } = this.#guard;
    words[GuardWord.PHASE] = phase;
    words[GuardWord.LIMIT_MS] = limitWord(limitMs);
    words[GuardWord.TEST] = test;
    Atomics.add(words, GuardWord.MARK, 1);
  }
}

/** One watchdog for each thread. In the vm pools each file has a global object of its own, but `process` is the same. */
function findGuard(settings: GuardSettings): Guard {
  // Nobody else has a reason to use this name.
  const places = [globalThis, process] as unknown as GuardPlace[];
  const guard = places.map((place) => place[GUARD]).find((one) => one !== undefined) ?? startGuard(settings);
  guard.desk = new GuardDesk(guard.port, guard.recorders);
  for (const place of places) place[GUARD] = guard;
  return guard;
}

function startGuard({ folder, blockedLimitMs }: GuardSettings): Guard {
  const words = makeGuardWords();
  const { port1: answers, port2: pings } = new MessageChannel();
  const job: GuardJob = {
    words,
    pings,
    threadId: isMainThread ? 0 : threadId,
    folder,
    blockedLimitMs,
    githubTop: process.env['GITHUB_ACTIONS'] === 'true' ? (process.env['GITHUB_WORKSPACE'] ?? process.cwd()) : null,
  };
  const worker = new Worker(siblingModule(import.meta.url, 'guard-watchdog'), {
    workerData: job,
    transferList: [pings],
    execArgv: [],
    env: {},
  });
  // An instrument must not bring down what it watches.
  worker.on('error', (error) => {
    process.emitWarning(
      `The guard against stuck tests has failed: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  worker.unref();
  answerPings(answers, words);
  const recorders: WeakRef<Recorder>[] = [];
  return { words, port: answers, recorders, desk: new GuardDesk(answers, recorders) };
}
