import { duration, thousands } from '../report/format-number.ts';
import { spellControl } from './spell-control.ts';
import { totalsOf, troubleOf, type ReportSuite } from './report-suite.ts';

/** GitHub takes a MiB from a step, and shows nothing at all of more. */
const MAX_SUMMARY_CHARS = 200_000;
const MAX_TEXT_CHARS = 20_000;

/** What the page of a GitHub job says of it, as Markdown: the numbers, then each suite that is not as it should be. */
export function jobSummary(title: string, suites: readonly ReportSuite[]): string {
  const { tests, failures, errors, skipped, elapsedMs } = totalsOf(suites);
  const passed = tests - failures - errors - skipped;
  const parts = [
    `## ${inline(title)}`,
    '',
    '| passed | failed | errors | not run | time |',
    '| ---: | ---: | ---: | ---: | ---: |',
    `| ${[passed, failures, errors, skipped].map(thousands).join(' | ')} | ${duration(elapsedMs)} |`,
    '',
  ];
  let chars = parts.join('\n').length;
  const troubled = suites.filter((suite) => troubleOf(suite).length > 0);
  for (const [index, suite] of troubled.entries()) {
    const text = troubleOf(suite)
      .map((one) => one.text)
      .join('\n\n');
    const lines = [`### ${inline(suite.name)}`, '', ...fenced(text), ''];
    chars += lines.join('\n').length;
    if (chars > MAX_SUMMARY_CHARS) {
      parts.push(`… and ${thousands(troubled.length - index)} more`, '');
      break;
    }
    parts.push(...lines);
  }
  return spellControl(`${parts.join('\n')}\n`);
}

/** A fence that nothing in the text can close. */
function fenced(text: string): string[] {
  const cut = text.length > MAX_TEXT_CHARS ? `${text.slice(0, MAX_TEXT_CHARS)}…` : text;
  const longest = Math.max(2, ...[...cut.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}text`, cut, fence];
}

/** On one line, and no mark-up of its own. */
function inline(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]<>&#|~]/g, (char) => `\\${char}`);
}
