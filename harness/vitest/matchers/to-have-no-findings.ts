import type { MatcherState } from 'vitest';
import type { Judged } from '../judged/judged.ts';
import { counted } from '../../report/format-number.ts';
import { ask, type MatcherResult } from './ask.ts';
import { checkOptions } from './check-argument.ts';
import { findingsOf } from './findings-of.ts';
import { patienceOf, WAIT_KEYS, type WaitOptions } from './wait-options.ts';

/** Nothing is found wrong in its trace. What is live is looked at once nothing moves any more. */
export function toHaveNoFindings(
  state: MatcherState,
  subject: unknown,
  options: WaitOptions = {},
): MatcherResult | Promise<MatcherResult> {
  checkOptions('toHaveNoFindings', options, WAIT_KEYS);
  return ask(state, subject, patienceOf(state, options, isSettled), {
    expected: 'have no findings',
    answer: (judged) => {
      const findings = findingsOf('toHaveNoFindings', judged);
      const [first] = findings;
      if (first === undefined) return { pass: true, got: 'it has none' };
      const others = findings.length > 1 ? `, the first of ${counted(findings.length, 'finding')}` : '';
      return { pass: false, got: `it has ${first.class}, ${first.direction}${others}` };
    },
  });
}

function isSettled({ outcome }: Judged): boolean {
  return outcome !== 'open';
}
