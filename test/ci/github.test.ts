import { expect, test } from 'vitest';
import { annotationsOf, annotationText } from '../../harness/ci/github-annotation.ts';
import { jobSummary } from '../../harness/ci/job-summary.ts';
import type { ReportSuite, ReportVerdict } from '../../harness/ci/report-suite.ts';

function suiteOf(name: string, ...verdicts: ReportVerdict[]): ReportSuite {
  const cases = verdicts.map((verdict) => ({ name: 'checked', elapsedMs: 10, properties: {}, verdict }));
  return { name, file: name, line: 3, properties: {}, cases };
}

const failed = (message: string, text = message): ReportVerdict => ({ kind: 'failed', type: 'parked', message, text });

/** As the runner reads them back: %25 last. */
function read(line: string): { properties: Record<string, string>; message: string } {
  const [, list = '', message = ''] = /^::error ([^:]*)::(.*)$/.exec(line) ?? [];
  const data = (text: string): string => text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
  const value = (text: string): string => data(text.replaceAll('%3A', ':').replaceAll('%2C', ','));
  const pairs = list.split(',').map((pair): [string, string] => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at), value(pair.slice(at + 1))];
  });
  return { properties: Object.fromEntries(pairs), message: data(message) };
}

test('an annotation is one line, whatever is in it, and is read back as it was', () => {
  const title = 'a, b: 100 %\r\n::set-output name=x::y';
  const message = 'first\nsecond: 50 %, %0A stays\r\n::error::no';
  const file = 'odd, name: 1%.md';
  const line = annotationText({ title, message, file, line: 12 });
  expect(line).toBe(
    '::error file=odd%2C name%3A 1%25.md,line=12,title=a%2C b%3A 100 %25%0D%0A%3A%3Aset-output name=x%3A%3Ay::' +
      'first%0Asecond: 50 %25, %250A stays%0D%0A::error::no',
  );
  expect(read(line)).toEqual({ properties: { file, line: '12', title }, message });
});

test('what would be a command to a terminal is spelled', () => {
  expect(annotationText({ title: 'red \u{1b}[31m', message: 'no\u{0}\u{7}\tyes' })).toBe(
    String.raw`::error title=red \x1b[31m::no\x00\x07` + '\tyes',
  );
  expect(jobSummary('run', [suiteOf('a.md', failed('x', '\u{1b}[31mred\n\u{d800}'))])).toContain(
    '```text\n\\x1b[31mred\n\\u{d800}\n```',
  );
});

test('a suite that is as it should be has none, and others have their place from the top of the repository', () => {
  const suites = [
    suiteOf('fine.md', { kind: 'passed' }, { kind: 'skipped', message: 'Not run' }),
    suiteOf('docs/bad.md', { kind: 'passed' }, failed('first', 'all of it'), failed('second')),
  ];
  expect(annotationsOf(suites, process.cwd().replace(/\/[^/]*$/, ''))).toEqual([
    {
      title: 'docs/bad.md: first (and 1 more)',
      message: 'all of it\n\nsecond',
      file: `${process.cwd().replace(/^.*\//, '')}/docs/bad.md`,
      line: 3,
    },
  ]);
});

test('GitHub shows ten of a step: the tenth says what else there is', () => {
  const suites = Array.from({ length: 25 }, (_, index) => suiteOf(`${index}.md`, failed('no')));
  const annotations = annotationsOf(suites, process.cwd());
  expect(annotations).toHaveLength(10);
  expect(annotations[8]?.title).toBe('8.md: no');
  expect(annotations[9]?.title).toBe('16 more are not as expected');
  expect(annotations[9]?.message).toMatch(/^9\.md: no\n10\.md: no\n[^]*\n24\.md: no$/);
});

test('the summary of a job has the numbers, and the text of what failed in a fence that it cannot close', () => {
  const summary = jobSummary('relayscope run', [
    suiteOf('fine.md', { kind: 'passed' }),
    suiteOf('a_<b>.md', failed('x', 'one\n```\n````sh')),
  ]);
  expect(summary).toBe(
    [
      '## relayscope run',
      '',
      '| passed | failed | errors | not run | time |',
      '| ---: | ---: | ---: | ---: | ---: |',
      '| 1 | 1 | 0 | 0 | 20 ms |',
      '',
      String.raw`### a\_\<b\>.md`,
      '',
      '`````text',
      'one',
      '```',
      '````sh',
      '`````',
      '',
      '',
    ].join('\n'),
  );
});

test('a summary is never so long that GitHub would not show it', () => {
  const suites = Array.from({ length: 200 }, (_, index) => suiteOf(`${index}.md`, failed('no', 'x'.repeat(30_000))));
  const summary = jobSummary('relayscope run', suites);
  expect(summary.length).toBeLessThan(250_000);
  expect(summary).toMatch(/\n… and 191 more\n/);
});
