/** What came of a document, or of a campaign, in the form that every report for a CI is made of. */
export interface ReportSuite {
  /** Unlike that of any other suite of the report. */
  readonly name: string;
  /** The file that it comes from, as it was named; null: from none. */
  readonly file: string | null;
  /** Of the first thing in the file that was not so; from 1. */
  readonly line: number | null;
  readonly properties: Readonly<Record<string, string>>;
  readonly cases: readonly ReportCase[];
}

export interface ReportCase {
  readonly name: string;
  readonly elapsedMs: number;
  readonly properties: Readonly<Record<string, string>>;
  readonly verdict: ReportVerdict;
}

/**
 * `failed`: not as expected. `error`: it could not be read, or not be brought to its end. `skipped`: not begun. `message` is one
 * line, `text` all there is to say, with the command that makes it again.
 */
export type ReportVerdict =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed' | 'error'; readonly type: string; readonly message: string; readonly text: string }
  | { readonly kind: 'skipped'; readonly message: string };

export interface ReportTotals {
  tests: number;
  failures: number;
  errors: number;
  skipped: number;
  elapsedMs: number;
}

export function totalsOf(suites: readonly ReportSuite[]): ReportTotals {
  const totals = { tests: 0, failures: 0, errors: 0, skipped: 0, elapsedMs: 0 };
  for (const { verdict, elapsedMs } of suites.flatMap(({ cases }) => cases)) {
    totals.tests += 1;
    totals.elapsedMs += elapsedMs;
    if (verdict.kind === 'failed') totals.failures += 1;
    if (verdict.kind === 'error') totals.errors += 1;
    if (verdict.kind === 'skipped') totals.skipped += 1;
  }
  return totals;
}

/** What has to be told of a suite: its cases that are not as they should be. */
export function troubleOf({ cases }: ReportSuite): { readonly message: string; readonly text: string }[] {
  return cases.flatMap(({ verdict }) => (verdict.kind === 'failed' || verdict.kind === 'error' ? [verdict] : []));
}
