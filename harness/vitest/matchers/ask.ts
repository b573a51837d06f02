import type { MatcherState } from 'vitest';
import { judge } from '../judged/judge.ts';
import type { Judged } from '../judged/judged.ts';
import type { Patience } from '../judged/patience.ts';
import { failureMessage } from './failure-message.ts';

export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** What a matcher asks. */
export interface Question {
  /** What is expected, after "to": `complete`. */
  readonly expected: string;
  readonly answer: (judged: Judged) => Answer;
}

export interface Answer {
  readonly pass: boolean;
  /** What came, where it did not pass. */
  readonly got: string;
  /** More lines about it. */
  readonly details?: readonly string[];
}

/**
 * Judges the subject and asks: at once where the subject is over, so that an `await` that was forgotten does no harm; what is live
 * is waited for. Nothing is read, saved or attached unless the assertion fails.
 */
export function ask(
  state: MatcherState,
  subject: unknown,
  patience: Patience,
  question: Question,
): MatcherResult | Promise<MatcherResult> {
  const judged = judge(subject, patience);
  if (judged instanceof Promise) return judged.then((one) => resultOf(state, subject, one, question));
  return resultOf(state, subject, judged, question);
}

function resultOf(state: MatcherState, subject: unknown, judged: Judged, question: Question): MatcherResult {
  // What is not as its own document says is not to be relied on, and its opposite neither.
  if (judged.complaints.length > 0) {
    return {
      pass: state.isNot,
      message: () => failureMessage(state, subject, judged, 'The document is not as it says', judged.complaints),
    };
  }
  const answer = question.answer(judged);
  return {
    pass: answer.pass,
    message: () => {
      const got = state.isNot ? 'it did' : answer.got;
      const headline = `Expected ${judged.what}${state.isNot ? ' not' : ''} to ${question.expected}, but ${got}`;
      return failureMessage(state, subject, judged, headline, answer.details ?? []);
    },
  };
}
