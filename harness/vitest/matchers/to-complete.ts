import type { MatcherState } from 'vitest';
import { ask, type MatcherResult } from './ask.ts';
import { checkOptions } from './check-argument.ts';
import { outcomeText } from './outcome-text.ts';
import { patienceOf, WAIT_KEYS, type WaitOptions } from './wait-options.ts';

/** Both directions have come to their end, and the ends were passed on. */
export function toComplete(
  state: MatcherState,
  subject: unknown,
  options: WaitOptions = {},
): MatcherResult | Promise<MatcherResult> {
  checkOptions('toComplete', options, WAIT_KEYS);
  return ask(
    state,
    subject,
    patienceOf(state, options, () => false),
    {
      expected: 'complete',
      answer: (judged) => ({ pass: judged.outcome === 'completed', got: outcomeText(judged) }),
    },
  );
}
