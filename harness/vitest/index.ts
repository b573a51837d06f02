/** relayscope/vitest: documents as tests. */
export type { DocumentOptions } from './documents/document-options.ts';
export { scenarioTest, type ScenarioTest } from './documents/scenario-test.ts';
export { test, type RelayscopeFixtures } from './fixtures/test.ts';
export type { RelayOptions } from './fixtures/relay-options.ts';
export type { StartOrigin, StartRelay } from './fixtures/relays-in-test.ts';
export type { InlineScenario, RunScenario, ScenarioRunOptions } from './fixtures/scenario-in-test.ts';
export { TestOrigin } from './fixtures/test-origin.ts';
export { TestRelay } from './fixtures/test-relay.ts';
export { TestRun } from './fixtures/test-run.ts';
