/** relayscope/vitest: matchers, which importing it registers, campaigns and documents as tests, and fixtures. */
import { registerMatchers } from './matchers/register-matchers.ts';

export { campaignTest } from './campaign-test.ts';
export type { CampaignTestOptions } from './campaign-test-options.ts';
export type { DocumentOptions } from './documents/document-options.ts';
export { scenarioTest, type ScenarioTest } from './documents/scenario-test.ts';
export { test, type RelayscopeFixtures } from './fixtures/test.ts';
export type { RelayOptions } from './fixtures/relay-options.ts';
export type { StartOrigin, StartRelay } from './fixtures/relays-in-test.ts';
export type { InlineScenario, RunScenario, ScenarioRunOptions } from './fixtures/scenario-in-test.ts';
export { TestOrigin } from './fixtures/test-origin.ts';
export type { TestRelay } from './fixtures/test-relay.ts';
export { TestRun } from './fixtures/test-run.ts';
export type { GuardOptions } from './guard/guard-options.ts';
export { judge, type Subject } from './judged/judge.ts';
export type { Delivered, Judged, JudgedOutcome } from './judged/judged.ts';
export type { LiveSubject } from './judged/live-subject.ts';
export { MatcherError, type MatcherErrorCode } from './judged/matcher-error.ts';
export type { RelayMatchers } from './matchers/relay-matchers.ts';
export type { DeliveredBytes, Deliveries } from './matchers/to-deliver.ts';
export type { FailureCode } from './matchers/to-fail-with.ts';
export type { HangKind, HangOptions } from './matchers/to-hang.ts';
export type { FindingOptions } from './matchers/to-have-finding.ts';
export type { WaitOptions } from './matchers/wait-options.ts';

registerMatchers();
