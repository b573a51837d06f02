import { afterAll, describe } from 'vitest';
import { RelayscopeError } from '../../../src/errors.ts';
import { RelayThreads } from '../../scenario/live/relay-threads.ts';
import { callSite, pointAt } from '../call-site.ts';
import { declareTest } from '../declare-test.ts';
import { runnerSettings } from '../runner-settings.ts';
import { documentFiles } from './document-files.ts';
import { checkOptions, type DocumentOptions } from './document-options.ts';
import type { DescribeDocument } from './document-test.ts';
import { documentTests } from './document-tests.ts';

type Register = (paths: string | readonly string[], options?: DocumentOptions) => void;

/** `scenarioTest`, and its variants: vitest's `describe.only`, `.skip`, `.concurrent` around each document. */
export interface ScenarioTest extends Register {
  readonly only: Register;
  readonly skip: Register;
  readonly concurrent: Register;
}

/**
 * Runs scenario documents and capsules as tests: what `relayscope run` does with them, each document a `describe` with its title, each of its
 * dialects a test. To be called where tests are declared.
 *
 * Paths are files, folders, or globs. `./` and `../` begin at the test file, as imports do; all others at the project's root. What
 * cannot be read or found is a test that fails.
 *
 * @example
 * scenarioTest('scenarios');
 * scenarioTest('./hangs/*.md', { dialects: ['checked'], chunks: 'own' });
 */
export const scenarioTest: ScenarioTest = Object.assign(registering(describe), {
  only: registering(describe.only),
  skip: registering(describe.skip),
  concurrent: registering(describe.concurrent),
});

function registering(describeDocument: DescribeDocument): Register {
  return function register(paths, options = {}) {
    const caller = callSite(register);
    const settings = runnerSettings();
    const patterns = typeof paths === 'string' ? [paths] : paths;
    const failing = (what: string, error: unknown): void => {
      describeDocument(patterns.join(', '), () => {
        declareTest(what, {}, () => {
          throw error instanceof RelayscopeError ? pointAt(error, caller) : error;
        });
      });
    };
    try {
      checkOptions(options);
    } catch (error) {
      failing('has options that are known', error);
      return;
    }
    try {
      const files = new Set(patterns.flatMap((pattern) => documentFiles(pattern, settings)));
      const threads = new RelayThreads();
      const given = { describe: describeDocument, options, settings, threads };
      // A document that is a test file of its own is not called from a line that anybody has written.
      const callerOf = (file: string): string => (file === settings.testFile ? '' : caller);
      const made = [...files].map((file) => documentTests(file, { ...given, caller: callerOf(file) }));
      afterAll(() => threads.close());
      if (!made.includes(true)) failing('has documents in these dialects', noneWanted(options, files.size));
    } catch (error) {
      failing('has documents', error);
    }
  };
}

function noneWanted({ dialects = [] }: DocumentOptions, documents: number): RelayscopeError {
  const wanted = `documents that name one of the dialects ${dialects.join(', ')}`;
  return new RelayscopeError('SCENARIO_UNREADABLE', `Nothing to run: expected ${wanted}, got ${documents} without any`);
}
