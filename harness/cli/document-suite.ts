import type { RelayscopeError } from '../../src/errors.ts';
import type { ReportCase, ReportSuite, ReportVerdict } from '../ci/report-suite.ts';
import { counted } from '../report/format-number.ts';
import { shellWord } from '../report/shell-word.ts';
import { expectationPath } from '../scenario/expectation-path.ts';
import { failureReport } from '../scenario/failure-report.ts';
import { ScenarioError } from '../scenario/scenario-error.ts';
import { repeatCommand } from '../scenario/repeat-command.ts';
import type { DocumentResult, RunFailure } from '../scenario/run-document.ts';

/** A document that was run, for a report: a case for each of its dialects. */
export function documentSuite(result: DocumentResult, cutBy: string): ReportSuite {
  const { document, failures, left, elapsedMs } = result;
  const { file, scenario } = document;
  const dialects = [...new Set([...elapsedMs.keys(), ...failures.map(({ run }) => run.dialect)])];
  const cases: ReportCase[] = dialects.map((dialect) => {
    const own = failures.filter(({ run }) => run.dialect === dialect);
    const [first] = own;
    const repeat = first === undefined ? {} : { repeat: repeatCommand(file, first.run) };
    const verdict = first === undefined ? ({ kind: 'passed' } as const) : failedVerdict(result, own, first);
    return {
      name: `${scenario.title} [${dialect}]`,
      elapsedMs: elapsedMs.get(dialect) ?? 0,
      properties: repeat,
      verdict,
    };
  });
  if (left > 0) cases.push(cutCase(result, cutBy));
  return {
    name: file,
    file,
    line: lineOf(result),
    properties: { title: scenario.title, seed: String(scenario.seed), runs: String(result.runs) },
    cases,
  };
}

/** One that could not be read. */
export function malformedSuite(file: string, error: RelayscopeError): ReportSuite {
  const line = error instanceof ScenarioError ? (error.line ?? null) : null;
  const { message, code } = error;
  const verdict: ReportVerdict = { kind: 'error', type: code, message, text: `${message} [${code}]` };
  const properties = {};
  return { name: file, file, line, properties, cases: [{ name: 'reading', elapsedMs: 0, properties, verdict }] };
}

/** One that was not begun. */
export function unrunSuite(file: string, message: string): ReportSuite {
  const properties = {};
  const one: ReportCase = { name: 'not run', elapsedMs: 0, properties, verdict: { kind: 'skipped', message } };
  return { name: file, file, line: null, properties, cases: [one] };
}

function failedVerdict(result: DocumentResult, own: readonly RunFailure[], first: RunFailure): ReportVerdict {
  const [mismatch] = first.mismatches;
  const what = mismatch === undefined ? '' : `${mismatch.path}: expected ${mismatch.expected}, got ${mismatch.got}`;
  const others = own.length > 1 ? ` (${counted(own.length, 'run')} failed)` : '';
  const text = failureReport({ ...result, failures: own }).join('\n');
  return { kind: 'failed', type: first.outcome, message: `${what}${others}`, text };
}

function cutCase({ document, runs, left }: DocumentResult, cutBy: string): ReportCase {
  const message = `Not run to its end: ${cutBy}, after ${counted(runs, 'run')} of ${runs + left}`;
  const text = `${document.file}: ${message}\n  again: relayscope run ${shellWord(document.file)} --budget off --document-budget off`;
  const verdict: ReportVerdict = { kind: 'error', type: 'budget', message, text };
  return { name: 'to its end', elapsedMs: 0, properties: {}, verdict };
}

/** Of what the first failed run was expected to come to. */
function lineOf({ document, failures, left }: DocumentResult): number | null {
  const { lineOf: find, scenario } = document;
  const [failure] = failures;
  if (find === undefined || (failure === undefined && left === 0)) return null;
  return failure === undefined ? 1 : find(expectationPath(failure, scenario));
}
