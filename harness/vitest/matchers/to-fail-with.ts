import type { MatcherState } from 'vitest';
import type { CopyErrorCode } from '../../../src/copy/copy-error.ts';
import type { StreamErrorCode } from '../../../src/streams/stream-error.ts';
import type { Judged } from '../judged/judged.ts';
import { shown } from '../judged/judge.ts';
import { MatcherError } from '../judged/matcher-error.ts';
import { ask, type MatcherResult } from './ask.ts';
import { checkOptions } from './check-argument.ts';
import { outcomeText } from './outcome-text.ts';
import { patienceOf, WAIT_KEYS, type WaitOptions } from './wait-options.ts';

/** Those of docs/errors.md, or a stream's own. */
export type FailureCode = CopyErrorCode | StreamErrorCode | (string & {});

/** It ended with an error of this code, or one that was caused by such an error, as STREAM_FAILED is by its stream's. */
export function toFailWith(
  state: MatcherState,
  subject: unknown,
  code: FailureCode,
  options: WaitOptions = {},
): MatcherResult | Promise<MatcherResult> {
  if (typeof code !== 'string' || code === '') {
    const expected = 'an error\'s code, such as "WRITE_COUNT_INVALID"';
    throw new MatcherError('MATCHER_ARGUMENT_INVALID', 'Wrong code of toFailWith', expected, shown(code));
  }
  checkOptions('toFailWith', options, WAIT_KEYS);
  return ask(
    state,
    subject,
    patienceOf(state, options, () => false),
    {
      expected: `fail with ${code}`,
      answer: (judged) => ({ pass: judged.code === code || judged.causes.includes(code), got: failureText(judged) }),
    },
  );
}

function failureText(judged: Judged): string {
  const causes = judged.causes.length === 0 ? '' : ` (caused by ${judged.causes.join(', ')})`;
  return `${outcomeText(judged)}${causes}`;
}
