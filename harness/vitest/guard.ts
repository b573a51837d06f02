import { aroundEach, beforeAll, inject, TestRunner } from 'vitest';

export type { GuardOptions } from './guard/guard-options.ts';

/**
 * `setupFiles: ['relayscope/vitest/guard']`: a test that spins is named, reported and ended, and the run goes on without it:
 * docs/stuck-tests.md in the repository.
 *
 * No module of Node is imported here: in vitest's browser mode there is none.
 */

/** A browser has no `process`, or one that a bundler has put there. */
function isNode(): boolean {
  const { process } = globalThis as { process?: { versions?: { node?: string } } };
  return process?.versions?.node !== undefined;
}

if (isNode()) {
  const { GuardedThread } = await import('./guard/guard-thread.ts');
  const thread = GuardedThread.begin(inject('relayscopeGuard') ?? {}, (suite) => ({
    // It is vitest that has given us the suite, of which we know less.
    ...TestRunner.getSuiteHooks(suite as Parameters<typeof TestRunner.getSuiteHooks>[0]),
  }));
  if (thread !== null) {
    // The first hooks of the file are these: what the file adds comes after, and within.
    beforeAll(() => {
      thread.collected();
    });
    aroundEach((runTest, { task, signal }) => thread.around(runTest, { task, signal }));
  }
} else {
  console.warn('relayscope: the guard against stuck tests works in Node alone; in a browser it does nothing');
}
