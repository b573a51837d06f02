import { counted } from '../report/format-number.ts';
import type { CheckReport } from './check-report.ts';

/** Of cases that are told as they were found. */
export const NOT_MADE_SMALL = 'Not made small: fast-check is not installed (npm install --save-dev fast-check)';

/**
 * A report for a person: what is broken, each with the test that shows it, then what held.
 *
 * @param isExact it ran the one case that it was given, and was not to look for another.
 */
export function reportText(
  { broken, passed, unjudged, notApplicable, seed, runs }: Omit<CheckReport, 'text'>,
  isExact: boolean,
): string {
  const lines = broken.flatMap(({ law, message, reproduction }) => [
    `${law}: broken`,
    `  ${message}`,
    '',
    ...reproduction.split('\n').map((line) => (line === '' ? '' : `  ${line}`)),
    '',
  ]);
  if (!isExact && broken.some(({ shrunk }) => !shrunk)) lines.push(NOT_MADE_SMALL);
  if (unjudged.length > 0) lines.push(`Not judged, since it may follow from what is broken: ${unjudged.join(', ')}`);
  for (const { law, why } of notApplicable) lines.push(`Not applicable: ${law}, since ${why}`);
  if (passed.length > 0) lines.push(`Held: ${passed.join(', ')}`);
  lines.push(isExact ? 'The one case that it was given' : `${counted(runs, 'case')}, seed ${seed}`);
  return lines.join('\n');
}
