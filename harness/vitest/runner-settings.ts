import { expect } from 'vitest';

/** What a test has to know of the run that it is in. */
export interface RunnerSettings {
  /** The project's folder: where its configuration is. */
  readonly root: string;
  /** The test file that is being collected or run. */
  readonly testFile: string | null;
  /** vitest's `-u`: golden traces are written anew. */
  readonly updatesGoldens: boolean;
}

/**
 * Vitest tells a test file's path, but neither the root of its project nor whether it updates snapshots: those stand where its own
 * worker keeps them, in 4.1 and in 5. Where they are not, the working folder is the root, and nothing is updated.
 */
export function runnerSettings(): RunnerSettings {
  const config = fieldOf(fieldOf(globalThis, '__vitest_worker__'), 'config');
  const root = fieldOf(config, 'root');
  const update = fieldOf(fieldOf(config, 'snapshotOptions'), 'updateSnapshot');
  return {
    root: typeof root === 'string' ? root : process.cwd(),
    testFile: expect.getState().testPath ?? null,
    updatesGoldens: update === 'all',
  };
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
