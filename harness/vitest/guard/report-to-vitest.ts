import { epochMs } from '../../../src/poll/clock.ts';
import type { StuckError } from './stuck-place.ts';
import { isUnrun, isWithin, tasksBelow } from './task-tree.ts';
import type { GuardedFile, GuardedTask, VitestState } from './vitest-state.ts';

type Pack = readonly [id: string, result: object, meta: object];
type Event = readonly [id: string, event: string, data: undefined];

const NOTE = 'Not run: the worker was ended because of a stuck test';

/**
 * Tells vitest how this file has ended: the stuck test failed, those that come after it are skipped. Called while the
 * thread stands in the debugger; the message goes out at once, and needs no turn of the event loop.
 *
 * @param failed the stuck test, or the suite or file whose hook or import is stuck.
 * @returns whether it could be told.
 */
export function reportToVitest(state: VitestState, failed: GuardedTask, error: StuckError): boolean {
  const { rpc } = state;
  if (typeof rpc?.onTaskUpdate !== 'function') return false;
  const { file } = failed;
  const packs: Pack[] = [];
  const events: Event[] = [];
  for (const task of tasksBelow(file)) {
    if (task === failed || (task.type === 'suite' && isWithin(failed, task))) continue;
    // What had ended just before may not have been told yet.
    if (isUnrun(task)) {
      packs.push([task.id, { state: 'skip', note: NOTE }, task.meta]);
      events.push([task.id, 'test-finished', undefined]);
    } else if (task.result !== undefined && task.result.state !== 'run') packs.push([task.id, task.result, task.meta]);
    else packs.push([task.id, { state: 'skip' }, task.meta]);
  }
  for (let task: GuardedTask | undefined = failed; task !== undefined && task !== file; task = task.suite) {
    packs.push([task.id, failedResult(task, task === failed ? error : null), task.meta]);
    events.push([task.id, task.type === 'test' ? 'test-finished' : 'suite-finished', undefined]);
  }
  packs.push([file.id, failedResult(file, failed === file ? error : null), file.meta]);
  events.push([file.id, isCollected(file) ? 'suite-finished' : 'suite-failed-early', undefined]);
  post(rpc.onTaskUpdate(packs, events));
  // After a test that failed it is the worker that counts. How many others have failed it would have to wait to be told.
  if (state.config?.bail === 1) post(rpc.onCancel?.('test-failure'));
  return true;
}

/** Nobody is there to hear how it went. */
function post(answer: unknown): void {
  if (answer instanceof Promise) answer.catch(() => undefined);
}

function isCollected(file: GuardedFile): boolean {
  return (file.tasks?.length ?? 0) > 0;
}

function failedResult({ result }: GuardedTask, stuck: StuckError | null): object {
  const { startTime, attempts, retryCount, repeatCount } = result ?? {};
  const duration = startTime === undefined ? {} : { duration: Math.max(0, epochMs() - startTime) };
  const failed = { ...result, state: 'fail', ...duration };
  if (stuck === null) return failed;
  const error = { name: 'StuckTestError', ...stuck };
  const errors = [...(result?.errors ?? []), error];
  // The very same object: vitest adds to those of the result what it shows of these.
  const attempt = {
    state: 'fail',
    errors: [error],
    startTime,
    duration: 0,
    ...duration,
    retryIndex: retryCount ?? 0,
    repeatIndex: repeatCount ?? 0,
  };
  return { ...failed, errors, ...(attempts === undefined ? {} : { attempts: [...attempts, attempt] }) };
}
