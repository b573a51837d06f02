import { expect, test } from 'vitest';
import { reportName } from '../../../harness/vitest/guard/report-name.ts';

/** A title is anybody's text, and its report must neither leave the folder nor replace that of another test. */

function nameOf(...titles: string[]): string {
  return reportName('stuck', { root: '/project', file: '/project/test/relay.test.ts', titles });
}

test('a plain title is the name', () => {
  expect(nameOf('relay', 'carries a request')).toBe('stuck-test-relay.test.ts-relay-carries-a-request');
});

test('titles that a name cannot hold have names of their own', () => {
  const names = ['\u53d1\u9001', '\u63a5\u6536', 'a > b', 'a < b', 'a b'].map((title) => nameOf(title));
  expect(new Set(names).size).toBe(names.length);
});

test('a name is a file of the folder, and short enough for any', () => {
  for (const title of ['../../../etc/passwd', '\0', '\u{1f980}'.repeat(500), 'x'.repeat(5000)]) {
    const name = nameOf(title);
    expect(name).toMatch(/^[\w.-]+$/);
    expect(Buffer.byteLength(name)).toBeLessThan(100);
  }
});
