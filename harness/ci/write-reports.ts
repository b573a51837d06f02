import { appendFile } from 'node:fs/promises';
import { RelayscopeError } from '../../src/errors.ts';
import { refuseUnwritable } from '../explore/refuse-unwritable.ts';
import { writeWhole } from '../explore/write-whole.ts';
import type { Io } from '../io.ts';
import { annotationsOf, annotationText } from './github-annotation.ts';
import { jobSummary } from './job-summary.ts';
import { junitText } from './junit-text.ts';
import type { ReportSuite } from './report-suite.ts';

/** Which reports a command was asked for. */
export interface ReportOptions {
  /** The file of JUnit XML; null: none. */
  readonly junit: string | null;
  /** Annotations, and a summary of the job. */
  readonly github: boolean;
  /** Standard output is one JSON object, and has no room for annotations: GitHub reads them from the other, too. */
  readonly json: boolean;
}

export interface ReportAbout {
  /** `relayscope run 2/4` */
  readonly name: string;
  /** ISO 8601. */
  readonly timestamp: string;
}

/** Writes what was asked for, each file whole or not at all. Throws REPORT_UNWRITABLE, after all others have been written. */
export async function writeReports(
  suites: readonly ReportSuite[],
  about: ReportAbout,
  { junit, github, json }: ReportOptions,
  { stdout, stderr, env }: Io,
): Promise<void> {
  const failures: RelayscopeError[] = [];
  const attempt = async (path: string, work: () => Promise<unknown>): Promise<void> => {
    await work().catch((cause: unknown) => {
      failures.push(unwritable(path, cause));
    });
  };
  if (github) {
    const workspace = env['GITHUB_WORKSPACE'] ?? '';
    const annotations = annotationsOf(suites, workspace === '' ? process.cwd() : workspace);
    for (const annotation of annotations) (json ? stderr : stdout).write(`${annotationText(annotation)}\n`);
    const path = env['GITHUB_STEP_SUMMARY'] ?? '';
    // It is a file of the step's own, which other commands of it write to as well.
    if (path !== '') await attempt(path, () => appendFile(path, jobSummary(about.name, suites)));
  }
  if (junit !== null) await attempt(junit, () => writeWhole(junit, junitText(suites, about), { replace: true }));
  const [first] = failures;
  if (first !== undefined) throw first;
}

/** Before the work: throws REPORT_UNWRITABLE where the report could not be written after it. */
export async function refuseReport(junit: string | null): Promise<void> {
  if (junit === null) return;
  await refuseUnwritable(junit).catch((cause: unknown) => {
    throw unwritable(junit, cause);
  });
}

function unwritable(path: string, cause: unknown): RelayscopeError {
  const inner = cause instanceof RelayscopeError ? cause.cause : cause;
  const why = inner instanceof Error ? inner.message : String(inner);
  return new RelayscopeError('REPORT_UNWRITABLE', `Cannot write the report ${path}: ${why}`, { cause });
}
