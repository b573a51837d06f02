import { tasksBelow } from './task-tree.ts';
import type { GuardedFile, GuardedTask } from './vitest-state.ts';

/** The hooks of a suite or file by name. */
export type HooksOf = (suite: GuardedTask) => Readonly<Record<string, readonly object[]>>;

/** Where vitest leaves a hook's own time-out: of those that run before something and around it. */
const TIMEOUT_KEYS = [Symbol.for('VITEST_CLEANUP_TIMEOUT'), Symbol.for('VITEST_AROUND_TIMEOUT')];

/** What is known of the hooks of a file once it has been imported. */
export interface HookTimeouts {
  /** The longest time-out of any, infinite if one has none: no hook that may take longer is taken for stuck. */
  readonly longestMs: number;
  /** How many run around each test. */
  readonly arounds: number;
}

/** @param defaultMs of vitest's configuration, for the hooks of which nothing is known. */
export function hookTimeouts(file: GuardedFile, hooksOf: HooksOf, defaultMs: readonly number[]): HookTimeouts {
  const timeouts = [...defaultMs];
  let arounds = 0;
  for (const suite of [file, ...tasksBelow(file)]) {
    if (suite !== file && suite.type !== 'suite') continue;
    const hooks = hooksOf(suite);
    arounds += hooks['aroundEach']?.length ?? 0;
    for (const hook of Object.values(hooks).flat()) timeouts.push(...timeoutOf(hook));
  }
  return { longestMs: Math.max(...timeouts.map(orInfinite)), arounds };
}

function timeoutOf(hook: object): number[] {
  const values = TIMEOUT_KEYS.map((key) => (hook as Readonly<Record<symbol, unknown>>)[key]);
  return values.filter((value) => typeof value === 'number');
}

/** A time-out of 0 is none. */
export function orInfinite(timeoutMs: number): number {
  return timeoutMs > 0 ? timeoutMs : Number.POSITIVE_INFINITY;
}
