/** relayscope/vitest: documents as tests. */
export type { DocumentOptions } from './documents/document-options.ts';
export { scenarioTest, type ScenarioTest } from './documents/scenario-test.ts';
