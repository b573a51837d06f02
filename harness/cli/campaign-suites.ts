import type { ReportCase, ReportSuite, ReportVerdict } from '../ci/report-suite.ts';
import { timeSpanText } from '../ci/time-span.ts';
import type { ExploreProgress } from '../explore/explore.ts';
import type { Finding } from '../explore/findings.ts';
import { repeatRun } from '../explore/repeat-run.ts';
import { failureName } from '../explore/run-failure.ts';
import { counted, thousands } from '../report/format-number.ts';
import type { SavedFinding } from './capsule-folder.ts';
import { diagnosedText } from './diagnosed-text.ts';
import type { ExploreCommandOptions } from './explore-options.ts';
import { savedLines } from './saved-lines.ts';

/** A campaign for a report: the runs that it had to make, then each finding. @param isUp its budget was used up before. */
export function campaignSuites(
  done: ExploreProgress,
  saved: readonly SavedFinding[],
  options: ExploreCommandOptions,
  isUp: boolean,
): ReportSuite[] {
  const { settings, from, runs } = options;
  const { seed, dialect, faults } = settings;
  const name = `explore ${dialect}, seed ${seed}`;
  const properties = { seed: String(seed), dialect, faults: faults.join(',') };
  const wanted = runs === Infinity ? `runs from ${from} on` : `${counted(runs, 'run')} from ${from} on`;
  const all: ReportCase = {
    name: wanted,
    elapsedMs: done.elapsedMs,
    properties: { runs: String(done.runs) },
    verdict: isUp ? budgetVerdict(`${name}, ${wanted}`, done, options) : { kind: 'passed' },
  };
  const suite = { file: null, line: null, properties };
  return [
    { ...suite, name, cases: [all] },
    ...done.findings.list.map((finding, index) => {
      const verdict = findingVerdict(finding, saved[index], options);
      const one: ReportCase = { name: `first in run ${finding.run}`, elapsedMs: 0, properties: {}, verdict };
      const by = finding.faults.length === 0 ? 'no fault' : finding.faults.join(', ');
      return { ...suite, name: `${name}: ${failureName(finding)} (${by})`, cases: [one] };
    }),
  ];
}

/** What is said of a campaign that had too little time. */
export function budgetText({ runs }: ExploreProgress, { ci, runs: all }: ExploreCommandOptions): string {
  const of = all === Infinity ? '' : ` of ${thousands(all)}`;
  return `the budget of ${timeSpanText(ci.budgetMs)} was used up after ${thousands(runs)}${of} runs`;
}

function budgetVerdict(name: string, done: ExploreProgress, options: ExploreCommandOptions): ReportVerdict {
  const message = `Not run to its end: ${budgetText(done, options)}`;
  return { kind: 'error', type: 'budget', message, text: `${name}: ${message}` };
}

function findingVerdict(
  finding: Finding,
  saved: SavedFinding | undefined,
  { settings }: ExploreCommandOptions,
): ReportVerdict {
  const { what, message, run, count, faults, why } = finding;
  const lines = [
    message,
    `faults: ${faults.length === 0 ? 'none' : faults.join(', ')}; first in run ${run}, ${thousands(count)} in all`,
    ...why.map((one) => `why: ${diagnosedText(one)}`),
    ...savedLines(saved).map((line) => `again: ${line}`),
    `before it was made small: ${repeatRun(settings, run)}`,
  ];
  return { kind: 'failed', type: what, message, text: lines.join('\n') };
}
