import { AsyncLocalStorage } from 'node:async_hooks';
import { onConnectionOpened } from '../../../src/trace/opened-connections.ts';
import { TestCopies } from './waiting-copies.ts';
import { snapshotOf, type WaitingSnapshot } from './waiting-snapshot.ts';

/** What is needed of a test of vitest's, in 4.1 and in 5. */
export interface WaitingTask {
  readonly name: string;
  readonly result?: { readonly errors?: readonly object[] | undefined } | undefined;
}

export interface WaitingContext<T extends WaitingTask> {
  readonly signal: AbortSignal;
  readonly task: T;
}

/** As vitest hands it to reporters: the terminal shows the message, JSON and JUnit the stack, which begins with it. */
interface TaskError {
  message?: string;
  stack?: string;
}

export interface WaitingOptions<T extends WaitingTask> {
  /** What paths are shown from. */
  readonly root: string;
  /** Where the trace of a test goes; numbered from 1, as a test may have several recorders. */
  readonly tracePath: (task: T, number: number) => string;
}

/** One test while it runs. */
interface RunningTest<T extends WaitingTask> {
  readonly context: WaitingContext<T>;
  copies: TestCopies | null;
  /** What the copies waited for at the moment when the time was up, before any hook has ended them. */
  snapshots: readonly WaitingSnapshot[] | null;
}

/**
 * Tells what a test's copies wait for when its own time is up. That a copy is a test's is decided when it is started: by
 * the asynchronous context where there is one, else by which tests run just then, so that what an earlier test has left
 * behind is nobody's.
 */
export class WaitingTests<T extends WaitingTask> {
  readonly #options: WaitingOptions<T>;
  readonly #current = new AsyncLocalStorage<RunningTest<T>>();
  readonly #running = new Set<RunningTest<T>>();

  constructor(options: WaitingOptions<T>) {
    this.#options = options;
    onConnectionOpened((recorder, connection) => {
      const own = this.#current.getStore();
      // A server that a hook has started for all tests serves them outside of any.
      for (const test of own === undefined ? this.#running : this.#running.has(own) ? [own] : []) {
        if (test.copies === null) this.#watch(test);
        test.copies ??= new TestCopies();
        test.copies.add(recorder, connection);
      }
    });
  }

  /** To be wrapped around a test, its hooks included: `aroundEach((run, context) => waiting.around(context, run))`. */
  async around(context: WaitingContext<T>, run: () => Promise<void>): Promise<void> {
    const test: RunningTest<T> = { context, copies: null, snapshots: null };
    this.#running.add(test);
    const before = context.task.result?.errors?.length ?? 0;
    try {
      await this.#current.run(test, run);
    } finally {
      this.#running.delete(test);
    }
    if (test.copies !== null) await this.#tell(test, before);
  }

  #watch(test: RunningTest<T>): void {
    const { signal } = test.context;
    // Vitest 4 uses the signal of the first attempt for all: there is no second event, and one looks afterwards.
    if (signal.aborted) return;
    signal.addEventListener('abort', () => {
      test.snapshots ??= look(test.copies);
    });
  }

  async #tell({ context, copies, snapshots }: RunningTest<T>, before: number): Promise<void> {
    const errors: readonly TaskError[] = context.task.result?.errors?.slice(before) ?? [];
    const error = errors.find(({ message }) => isTimeout(message));
    const waiting = error === undefined ? [] : (snapshots ?? look(copies));
    if (error === undefined || waiting.length === 0) return;
    const { waitingReport } = await import('./waiting-report.ts');
    const lines = await waitingReport(waiting, {
      title: context.task.name,
      root: this.#options.root,
      tracePath: (number) => this.#options.tracePath(context.task, number),
    });
    if (lines.length > 0) append(error, lines);
  }
}

function look(copies: TestCopies | null): WaitingSnapshot[] {
  return (copies?.started ?? []).flatMap((one) => snapshotOf(one) ?? []);
}

/** `Test timed out in 500ms.`, `Hook timed out in 500ms.` */
function isTimeout(message = ''): boolean {
  return /\btimed out in \d+ms/.test(message);
}

function append(error: TaskError, lines: readonly string[]): void {
  const { message = '', stack } = error;
  const more = `${message}\n\n${lines.join('\n')}`;
  error.message = more;
  if (stack?.includes(message) === true) error.stack = stack.replace(message, () => more);
}
