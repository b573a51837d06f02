import { defineConfig } from 'vitest/config';

// `unit` is everything a fresh machine proves within three minutes; `long` holds the proofs that take longer.
export default defineConfig({
  test: {
    // What is waited for comes at once on an idle machine; on a busy one it must not fail for a second.
    expect: { requireAssertions: true, poll: { timeout: 10_000 } },
    retry: 0,
    // Left to itself, vitest keeps one core free: on two, the suite takes twice as long.
    maxWorkers: '100%',
    allowOnly: false,
    // A test of ours that spins is named and ended, as a user's is.
    setupFiles: ['harness/vitest/guard.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.long.test.ts'],
          detectAsyncLeaks: true,
          testTimeout: 20_000,
          hookTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'long',
          include: ['test/**/*.long.test.ts'],
          globalSetup: 'test/pack-once.ts',
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
