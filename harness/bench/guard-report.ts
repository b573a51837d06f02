import { median, type Ratio } from './ratio.ts';

/** What one round has measured, with the guard and without. */
export interface GuardRound {
  readonly cpuMs: Pair;
  readonly rssBytes: Pair;
  readonly testMicros: Pair;
  /** From the limit to the verdict, and to the end of the run, in milliseconds. */
  readonly verdictMs: number;
  readonly endMs: number;
}

export interface Pair {
  readonly without: number;
  readonly guarded: number;
}

/** What `--json` prints. */
export interface GuardReport {
  readonly schema: 1;
  readonly rounds: number;
  readonly node: string;
  /** What the guard adds: differences within a round. */
  readonly msPerWorker: Ratio;
  readonly mebibytesPerWorker: Ratio;
  readonly microsPerTest: Ratio;
  /** From the moment when the limit is over. */
  readonly verdictMs: Ratio;
  readonly endMs: Ratio;
}

const MEBIBYTE = 1 << 20;

export function guardReport(rounds: readonly GuardRound[], node: string): GuardReport {
  const added = (of: (round: GuardRound) => Pair, unit: number): Ratio =>
    spread(rounds.map((round) => (of(round).guarded - of(round).without) / unit));
  return {
    schema: 1,
    rounds: rounds.length,
    node,
    msPerWorker: added(({ cpuMs }) => cpuMs, 1),
    mebibytesPerWorker: added(({ rssBytes }) => rssBytes, MEBIBYTE),
    microsPerTest: added(({ testMicros }) => testMicros, 1),
    verdictMs: spread(rounds.map(({ verdictMs }) => verdictMs)),
    endMs: spread(rounds.map(({ endMs }) => endMs)),
  };
}

function spread(values: readonly number[]): Ratio {
  const tenths = (value: number): number => Math.round(value * 10) / 10;
  return { median: tenths(median(values)), min: tenths(Math.min(...values)), max: tenths(Math.max(...values)) };
}

/** The same for a person. */
export function guardText(report: GuardReport): string {
  const line = (name: string, { median, min, max }: Ratio, target: string): string =>
    `  ${name.padEnd(32)}${[median, min, max].map((value) => value.toFixed(1).padStart(9)).join('')}  ${target}\n`;
  return (
    `What the guard adds, Node ${report.node}, ${report.rounds} rounds\n` +
    `  ${''.padEnd(32)}   median   lowest  highest  target\n` +
    line('CPU ms a worker', report.msPerWorker, '50') +
    line('MiB a worker', report.mebibytesPerWorker, '12') +
    line('CPU µs a test', report.microsPerTest, '50') +
    line('ms from the limit to the verdict', report.verdictMs, '') +
    line('ms from the limit to the end', report.endMs, '')
  );
}
