import type { Finding } from '../../../src/diagnose/finding.ts';
import type { Judged } from '../judged/judged.ts';
import { MatcherError } from '../judged/matcher-error.ts';

/** Throws SUBJECT_UNKNOWING where there is no trace to find something in. */
export function findingsOf(matcher: string, { what, trace }: Judged): readonly Finding[] {
  if (trace !== null) return trace.findings();
  const expected = 'one with a trace (a copy with a recorder, expect({ run, recorder }) for a World that is kept)';
  throw new MatcherError('SUBJECT_UNKNOWING', `Wrong subject of ${matcher}`, expected, `${what} without one`);
}
