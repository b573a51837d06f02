import { scenarioTest } from '../../../harness/vitest/documents/scenario-test.ts';

/** What follows are the tests: a folder, a glob beside this file, a file; in memory and with real sockets. */

scenarioTest('fixtures/scenarios/flush', { chunks: 'own', dialects: ['checked', 'tokio-1.53.1', 'tokio-1.9.0'] });
scenarioTest.concurrent(['../../../fixtures/scenarios/transport/{latency,fin}.md', 'fixtures/scenarios/end/early.md'], {
  chunks: 'own',
});
