import fc from 'fast-check';
import { expect, test } from 'vitest';
import { junitText } from '../../harness/ci/junit-text.ts';
import type { ReportSuite, ReportVerdict } from '../../harness/ci/report-suite.ts';
import { elementsOf, readXml } from './read-xml.ts';

function suiteOf(verdict: ReportVerdict, name = 'a.md'): ReportSuite {
  const properties = { title: name };
  return {
    name,
    file: name,
    line: 7,
    properties,
    cases: [{ name: 'checked', elapsedMs: 1234.5, properties: {}, verdict }],
  };
}

const about = { name: 'relayscope run', timestamp: '2026-01-02T03:04:05.000Z' };

test('a report has a suite for each document, a case for each dialect, and the numbers of all', () => {
  const failed = {
    kind: 'failed',
    type: 'parked',
    message: 'outcome: expected "completed"',
    text: 'a < b\n & c',
  } as const;
  const text = junitText(
    [
      suiteOf({ kind: 'passed' }),
      suiteOf(failed, 'b & c.md'),
      suiteOf({ kind: 'skipped', message: 'Not run' }, 'd.md'),
    ],
    about,
  );
  expect(text).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="relayscope run" tests="3" failures="1" errors="0" skipped="1" time="3.704">
  <testsuite name="a.md" tests="1" failures="0" errors="0" skipped="0" time="1.234" timestamp="2026-01-02T03:04:05.000Z">
    <properties>
      <property name="title" value="a.md"/>
    </properties>
    <testcase classname="a.md" name="checked" time="1.234" file="a.md"/>
  </testsuite>
  <testsuite name="b &amp; c.md" tests="1" failures="1" errors="0" skipped="0" time="1.234" timestamp="2026-01-02T03:04:05.000Z">
    <properties>
      <property name="title" value="b &amp; c.md"/>
    </properties>
    <testcase classname="b &amp; c.md" name="checked" time="1.234" file="b &amp; c.md" line="7">
      <failure message="outcome: expected &quot;completed&quot;" type="parked">a &lt; b
 &amp; c</failure>
    </testcase>
  </testsuite>
  <testsuite name="d.md" tests="1" failures="0" errors="0" skipped="1" time="1.234" timestamp="2026-01-02T03:04:05.000Z">
    <properties>
      <property name="title" value="d.md"/>
    </properties>
    <testcase classname="d.md" name="checked" time="1.234" file="d.md">
      <skipped message="Not run"/>
    </testcase>
  </testsuite>
</testsuites>
`);
});

/** Texts come out of documents and off wires: whatever is in them, the report can be read, and says the same. */
test('any text comes out as it went in, but for what XML has no place for', () => {
  const any = fc.string({ unit: 'binary', maxLength: 40 });
  const nasty = fc.constantFrom(
    '\u{0}',
    '\u{1b}[2J',
    ']]>',
    '<![CDATA[',
    '&amp;',
    '"',
    "'",
    '\r\n',
    '\t',
    '\u{fffe}',
    '\u{d800}',
    '😀',
  );
  const text = fc.array(fc.oneof(any, nasty), { maxLength: 6 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, text, text, (message, body, name) => {
      const root = readXml(junitText([suiteOf({ kind: 'error', type: 'x', message, text: body }, name)], about));
      const [error] = elementsOf(root, 'error');
      const [testcase] = elementsOf(root, 'testcase');
      expect(error?.attributes['message']).toBe(spelled(message));
      expect(error?.text).toBe(spelled(body));
      expect(testcase?.attributes['classname']).toBe(spelled(name));
    }),
  );
});

test('what XML has no place for is spelled', () => {
  const root = readXml(junitText([suiteOf({ kind: 'skipped', message: '\u{1b}[2J\u{0}\u{fffe}\u{d800}.' })], about));
  expect(elementsOf(root, 'skipped')[0]?.attributes['message']).toBe(String.raw`\x1b[2J\x00\u{fffe}\u{d800}.`);
});

function spelled(text: string): string {
  return Array.from(text)
    .map((char) => {
      const code = char.codePointAt(0) ?? 0;
      const isLegal =
        code === 9 ||
        code === 10 ||
        code === 13 ||
        (code >= 0x20 && code < 0xd800) ||
        (code > 0xdfff && code < 0xfffe) ||
        code > 0xffff;
      if (isLegal) return char;
      return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
    })
    .join('');
}
