import type { MatcherState } from 'vitest';

/** What a matcher is told of the assertion that it stands in, outside any test: nothing can be attached to it. */
export function matcherState(
  parts: Partial<MatcherState> & { readonly update?: 'all' | 'new' | 'none' } = {},
): MatcherState {
  const { update = 'new', ...rest } = parts;
  const snapshotState = { snapshotUpdateState: update, added: 0, matched: 0, updated: 0, unmatched: 0 };
  // The rest of a state is for matchers that print values.
  return { isNot: false, promise: '', snapshotState, ...rest } as unknown as MatcherState;
}
