import { AsyncLocalStorage } from 'node:async_hooks';
import { epochMs } from '../../../src/poll/clock.ts';
import { onConnectionOpened } from '../../../src/trace/opened-connections.ts';
import { saveTrace } from '../../../src/trace/file/save-trace.ts';
import { aboutProcess } from '../../../src/watch/about-process.ts';
import { TestCopies } from './waiting-copies.ts';
import { waitingLines } from './waiting-lines.ts';
import { pictureOf, type WaitingPicture } from './waiting-picture.ts';

/** What is needed of a test of vitest's, in 4.1 and in 5. */
export interface WaitingContext {
  readonly signal: AbortSignal;
  readonly task: WaitingTask;
}

interface WaitingTask {
  readonly name: string;
  readonly result?: { readonly errors?: TaskError[] | undefined } | undefined;
}

/** As vitest hands it to reporters: the terminal shows the message, JSON and JUnit the stack, which begins with it. */
interface TaskError {
  message: string;
  stack?: string | undefined;
}

export interface WaitingOptions {
  /** Where the trace of a test goes; numbered where a test has several recorders. */
  readonly tracePath: (task: WaitingTask, number: number) => string;
}

/** One test while it runs. */
interface RunningTest {
  readonly context: WaitingContext;
  copies: TestCopies | null;
  /** What the copies waited for at the moment when the time was up, before any hook has ended them. */
  pictures: readonly WaitingPicture[] | null;
}

/**
 * Tells what a test's copies wait for when its own time is up. That a copy is a test's is decided when it is started: by
 * the asynchronous context where there is one, else by which tests run just then, so that what an earlier test has left
 * behind is nobody's.
 */
export class WaitingTests {
  readonly #options: WaitingOptions;
  readonly #current = new AsyncLocalStorage<RunningTest>();
  readonly #running = new Set<RunningTest>();

  constructor(options: WaitingOptions) {
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
  async around(context: WaitingContext, run: () => Promise<void>): Promise<void> {
    const test: RunningTest = { context, copies: null, pictures: null };
    this.#running.add(test);
    const before = context.task.result?.errors?.length ?? 0;
    try {
      await this.#current.run(test, run);
    } finally {
      this.#running.delete(test);
    }
    if (test.copies !== null) await this.#tell(test, before);
  }

  #watch(test: RunningTest): void {
    const { signal } = test.context;
    // Vitest 4 uses the signal of the first attempt for all: there is no second event, and one looks afterwards.
    if (signal.aborted) return;
    signal.addEventListener('abort', () => {
      test.pictures ??= look(test.copies);
    });
  }

  async #tell({ context, copies, pictures }: RunningTest, before: number): Promise<void> {
    const error = context.task.result?.errors?.slice(before).find(({ message }) => isTimeout(message));
    if (error === undefined) return;
    const waiting = pictures ?? look(copies);
    if (waiting.length === 0) return;
    const lines = waitingLines(waiting.flatMap((one) => one.copies));
    for (const [index, picture] of waiting.entries()) {
      const path = this.#options.tracePath(context.task, index + 1);
      lines.push(`  ${await saved(path, picture, context.task.name)}`);
    }
    append(error, lines);
  }
}

function look(copies: TestCopies | null): WaitingPicture[] {
  return (copies?.started ?? []).flatMap((one) => pictureOf(one) ?? []);
}

/** `Test timed out in 500ms.`, `Hook timed out in 500ms.` */
function isTimeout(message: string): boolean {
  return /\btimed out in \d+ms/.test(message);
}

async function saved(path: string, { recorder, items }: WaitingPicture, title: string): Promise<string> {
  const about = aboutProcess(epochMs() - recorder.elapsedMs(), { title });
  const end = { reason: 'closed', atMs: recorder.elapsedMs() } as const;
  try {
    await saveTrace(path, [{ kind: 'about', about }, ...items, { kind: 'end', note: end }]);
    return `trace: ${path} (relayscope why ${path})`;
  } catch (cause) {
    return `trace: not written: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}

function append(error: TaskError, lines: readonly string[]): void {
  const { message, stack } = error;
  const more = `${message}\n\n${lines.join('\n')}`;
  error.message = more;
  if (stack?.includes(message) === true) error.stack = stack.replace(message, () => more);
}
