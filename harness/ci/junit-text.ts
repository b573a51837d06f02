import { xmlAttribute, xmlText } from './escape-xml.ts';
import { totalsOf, type ReportCase, type ReportSuite } from './report-suite.ts';

export interface JunitOptions {
  /** Of the whole: the command. */
  readonly name: string;
  /** When it began, in milliseconds since 1970, as ISO 8601. */
  readonly timestamp: string;
}

/**
 * A report as JUnit XML: a testsuite for each document, a testcase for each of its dialects. Attributes and order are those that
 * Jenkins, GitLab and the readers of GitHub's actions agree in; `file` and `line` are read by GitLab among others.
 */
export function junitText(suites: readonly ReportSuite[], { name, timestamp }: JunitOptions): string {
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites ${attributes({ name, ...counts(suites) })}>`];
  for (const suite of suites) lines.push(...suiteLines(suite, timestamp));
  lines.push('</testsuites>', '');
  return lines.join('\n');
}

function suiteLines(suite: ReportSuite, timestamp: string): string[] {
  const { name, properties, cases } = suite;
  return [
    `  <testsuite ${attributes({ name, ...counts([suite]), timestamp })}>`,
    ...propertyLines(properties, '    '),
    ...cases.flatMap((one) => caseLines(suite, one)),
    '  </testsuite>',
  ];
}

function caseLines({ name: classname, file, line }: ReportSuite, one: ReportCase): string[] {
  const isWrong = one.verdict.kind === 'failed' || one.verdict.kind === 'error';
  const place = { ...(file === null ? {} : { file }), ...(line === null || !isWrong ? {} : { line: String(line) }) };
  const open = `    <testcase ${attributes({ classname, name: one.name, time: seconds(one.elapsedMs), ...place })}`;
  const inside = [...propertyLines(one.properties, '      '), ...verdictLines(one)];
  return inside.length === 0 ? [`${open}/>`] : [`${open}>`, ...inside, '    </testcase>'];
}

function verdictLines({ verdict }: ReportCase): string[] {
  switch (verdict.kind) {
    case 'passed':
      return [];
    case 'skipped':
      return [`      <skipped ${attributes({ message: verdict.message })}/>`];
    case 'failed':
    case 'error': {
      const tag = verdict.kind === 'failed' ? 'failure' : 'error';
      const { message, type, text } = verdict;
      return [`      <${tag} ${attributes({ message, type })}>${xmlText(text)}</${tag}>`];
    }
  }
}

function propertyLines(properties: Readonly<Record<string, string>>, indent: string): string[] {
  const lines = Object.entries(properties).map(
    ([name, value]) => `${indent}  <property ${attributes({ name, value })}/>`,
  );
  return lines.length === 0 ? [] : [`${indent}<properties>`, ...lines, `${indent}</properties>`];
}

function counts(suites: readonly ReportSuite[]): Record<string, string> {
  const { tests, failures, errors, skipped, elapsedMs } = totalsOf(suites);
  const [all, failed, wrong, left] = [tests, failures, errors, skipped].map(String);
  return {
    tests: all ?? '',
    failures: failed ?? '',
    errors: wrong ?? '',
    skipped: left ?? '',
    time: seconds(elapsedMs),
  };
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${xmlAttribute(value)}"`)
    .join(' ');
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
