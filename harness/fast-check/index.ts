/** relayscope/fast-check: what properties of relays and streams are made of. */
export { chunks, cuts, type ChunksOptions, type CutsOptions } from './chunks.ts';
export { plans, type PlansOptions } from './plans.ts';
export { polls, type PollsOptions } from './polls.ts';
export { scenarios, type ScenariosOptions } from './scenarios.ts';
export { capsules, type CapsulesOptions, type WrittenCapsule } from './capsules.ts';
export { streamCases, type StreamCasesOptions } from './stream-cases.ts';
