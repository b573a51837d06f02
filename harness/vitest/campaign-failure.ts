import { RelayscopeError } from '../../src/errors.ts';
import type { ExploreProgress } from '../explore/explore.ts';
import { repeatRun } from '../explore/repeat-run.ts';
import { failureName } from '../explore/run-failure.ts';
import { diagnosedText } from '../cli/diagnosed-text.ts';
import { counted, thousands } from '../report/format-number.ts';
import { shellWord } from '../report/shell-word.ts';
import type { Campaign } from './campaign-test-options.ts';

/** Of a hundred findings, so many are told in full. */
const TOLD_IN_FULL = 5;

/** Code CAMPAIGN_FAILED: what was found, where it is kept, and the commands that make it again. @param paths of the capsules. */
export function campaignFailure(
  { settings }: Campaign,
  { runs, findings }: ExploreProgress,
  paths: readonly string[],
): RelayscopeError {
  const { list, failedRuns } = findings;
  const lines = [`${thousands(failedRuns)} of ${counted(runs, 'run')} failed, ${counted(list.length, 'finding')}`];
  for (const [index, { what, direction, message, faults, run, count, why }] of list.slice(0, TOLD_IN_FULL).entries())
    lines.push(
      `  ${failureName({ what, direction })}: ${message}`,
      `    faults: ${faults.length === 0 ? 'none' : faults.join(', ')}; first in run ${run}, ${thousands(count)} in all`,
      ...why.map((one) => `    why: ${diagnosedText(one)}`),
      `    again: relayscope run ${shellWord(paths[index] ?? '')}`,
      `    before it was made small: ${repeatRun(settings, run)}`,
    );
  for (const [index, finding] of list.entries())
    if (index >= TOLD_IN_FULL) lines.push(`  ${failureName(finding)}: relayscope run ${shellWord(paths[index] ?? '')}`);
  return new RelayscopeError('CAMPAIGN_FAILED', lines.join('\n'));
}
