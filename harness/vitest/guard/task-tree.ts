import type { GuardedTask } from './vitest-state.ts';

/** Titles from the outermost suite to the task itself; none for a file. */
export function titlesOf(task: GuardedTask): string[] {
  const titles: string[] = [];
  for (let one: GuardedTask | undefined = task; one !== undefined && one !== one.file; one = one.suite) {
    // What stands at the top of a file is in a suite without a name.
    if (one.name !== '') titles.unshift(one.name);
  }
  return titles;
}

/** Every task below this one, each before those that it holds. */
export function* tasksBelow(task: GuardedTask): Generator<GuardedTask> {
  for (const one of task.tasks ?? []) {
    yield one;
    yield* tasksBelow(one);
  }
}

/** Whether a test has not been run to its end. */
export function isUnrun({ type, result }: GuardedTask): boolean {
  return type === 'test' && (result === undefined || result.state === 'run' || result.state === 'queued');
}

export function isWithin(task: GuardedTask, suite: GuardedTask): boolean {
  for (let one: GuardedTask | undefined = task; one !== undefined; one = one.suite) if (one === suite) return true;
  return suite === task.file;
}
