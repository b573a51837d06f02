import type { MatcherState } from 'vitest';
import { FINDING_CLASSES, type FindingClass } from '../../../src/diagnose/finding-class.ts';
import type { Finding } from '../../../src/diagnose/finding.ts';
import type { Direction } from '../../../src/poll/direction.ts';
import type { Judged } from '../judged/judged.ts';
import { ask, type MatcherResult } from './ask.ts';
import { checkDirection, checkName, checkOptions } from './check-argument.ts';
import { findingsOf } from './findings-of.ts';
import { patienceOf, WAIT_KEYS, type WaitOptions } from './wait-options.ts';

export interface FindingOptions extends WaitOptions {
  /** Default: either. */
  readonly direction?: Direction;
}

/** Its trace is found to suffer from this, as a finding of its own: what another one explains is told with that. */
export function toHaveFinding(
  state: MatcherState,
  subject: unknown,
  name: FindingClass,
  options: FindingOptions = {},
): MatcherResult | Promise<MatcherResult> {
  checkName('class of toHaveFinding', name, FINDING_CLASSES);
  checkOptions('toHaveFinding', options, ['direction', ...WAIT_KEYS]);
  const { direction } = options;
  checkDirection('toHaveFinding', direction);
  const isMeant = (one: Pick<Finding, 'class' | 'direction'>): boolean =>
    one.class === name && (direction === undefined || one.direction === direction);
  const has = (judged: Judged): boolean => findingsOf('toHaveFinding', judged).some(isMeant);
  return ask(state, subject, patienceOf(state, options, has), {
    expected: `have the finding ${name}${direction === undefined ? '' : `, ${direction}`}`,
    answer: (judged) => ({ pass: has(judged), got: insteadOf(findingsOf('toHaveFinding', judged), isMeant) }),
  });
}

function insteadOf(
  findings: readonly Finding[],
  isMeant: (one: Pick<Finding, 'class' | 'direction'>) => boolean,
): string {
  const cause = findings.find(({ consequences }) => consequences.some(isMeant));
  if (cause !== undefined) return `it is a consequence there, of ${cause.class}, ${cause.direction}`;
  const [first] = findings;
  return first === undefined ? 'nothing was found' : `it has ${first.class}, ${first.direction}`;
}
