import type { Scenario } from '../../harness/scenario/scenario.ts';

/** A scenario with what a test says of it, and nothing else. */
export function scenarioOf(parts: Partial<Scenario>): Scenario {
  const none = { plan: { faults: [] }, options: {}, a: {}, b: {}, seed: 1, dialects: ['checked'] };
  return { title: 'a test', expect: { outcome: 'completed' }, ...none, ...parts };
}

/** 68 bytes up and 302 down, as curl and its redirection in the story: 68 bytes, then the answer once they are there. */
export const STORY: Scenario = scenarioOf({
  title: '68 up, 302 down',
  a: { read: [68, { received: 302 }, 0] },
  b: { read: [{ received: 68 }, 302, 0] },
});
