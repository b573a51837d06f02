import { afterAll, afterEach, aroundEach, beforeAll, beforeEach, describe, expect, test, TestRunner } from 'vitest';
import { hookTimeouts, type HooksOf } from '../../../harness/vitest/guard/hook-timeouts.ts';
import type { GuardedFile } from '../../../harness/vitest/guard/vitest-state.ts';

/** Whether a hook may still take longer is asked of vitest itself: of this very file, and the vitest that runs it. */

const nothing = (): void => undefined;
beforeAll(nothing, 60_000);
// Of this one vitest tells nobody.
afterAll(nothing, 99_000);
afterEach(nothing);

describe('in a suite', () => {
  beforeEach(nothing, 62_000);
  aroundEach((run) => run(), 61_000);

  test('the longest time-out of the file is found, and how many hooks run around each test', ({ task }) => {
    const hooksOf: HooksOf = (suite) => ({
      ...TestRunner.getSuiteHooks(suite as Parameters<typeof TestRunner.getSuiteHooks>[0]),
    });
    // The task is vitest's own, of which the guard knows less.
    const file = task.file as unknown as GuardedFile;
    // What sets this project up has hooks of its own.
    const arounds = 1 + (hooksOf(file)['aroundEach']?.length ?? 0);
    expect(hookTimeouts(file, hooksOf, [100])).toEqual({ longestMs: 62_000, arounds });
    expect(hookTimeouts(file, hooksOf, [100, 70_000])).toEqual({ longestMs: 70_000, arounds });
    expect(hookTimeouts(file, hooksOf, [0]).longestMs).toBe(Number.POSITIVE_INFINITY);
  });
});
