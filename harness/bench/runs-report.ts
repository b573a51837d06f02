import { median, ratioOf, type Ratio } from './ratio.ts';
import type { RunsMeasurement, RunsVariant } from './runs-variant.ts';

/** The measurements of each variant, one for each round. */
export type RunsRounds = Readonly<Record<RunsVariant, readonly RunsMeasurement[]>>;

/** What `--json` prints. */
export interface RunsReport {
  readonly schema: 1;
  /** With trace and laws, on one core; the median over the rounds. */
  readonly runsPerSecond: number;
  /** That, as a share of what the bare loop makes in the same round. */
  readonly shareOfBareLoop: number;
  readonly spread: { readonly shareOfBareLoop: { readonly min: number; readonly max: number } };
  readonly bareRunsPerSecond: number;
  readonly untracedRunsPerSecond: number;
  /** Heap that one traced run takes. */
  readonly heapBytes: number;
  readonly rounds: number;
  readonly node: string;
}

export function runsReport(rounds: RunsRounds, node: string): RunsReport {
  const perSecond = (variant: RunsVariant): number[] => rounds[variant].map(({ ns }) => 1e9 / ns);
  const share: Ratio = ratioOf(perSecond('traced'), perSecond('bare'));
  return {
    schema: 1,
    runsPerSecond: Math.round(median(perSecond('traced'))),
    shareOfBareLoop: thousandths(share.median),
    spread: { shareOfBareLoop: { min: thousandths(share.min), max: thousandths(share.max) } },
    bareRunsPerSecond: Math.round(median(perSecond('bare'))),
    untracedRunsPerSecond: Math.round(median(perSecond('untraced'))),
    heapBytes: Math.max(0, Math.round(median(rounds.traced.map(({ heapBytes }) => heapBytes)))),
    rounds: rounds.traced.length,
    node,
  };
}

/** The same for a person. */
export function runsText(report: RunsReport): string {
  const { min, max } = report.spread.shareOfBareLoop;
  const line = (perSecond: number, what: string): string =>
    `${perSecond.toLocaleString('en').padStart(11)} runs a second   ${what}\n`;
  return (
    `68 bytes up, 302 down, three polls; one core, Node ${report.node}, ${report.rounds} rounds, medians\n` +
    line(report.runsPerSecond, 'with trace and laws') +
    line(report.untracedRunsPerSecond, 'with laws, without a trace') +
    line(report.bareRunsPerSecond, 'the bare loop: eleven records, nothing checked') +
    `Share of the bare loop, in the same round: ${report.shareOfBareLoop} (${min} … ${max}); ${report.heapBytes} bytes allocated a run\n`
  );
}

function thousandths(value: number): number {
  return Math.round(value * 1000) / 1000;
}
