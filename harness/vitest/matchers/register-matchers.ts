import { expect } from 'vitest';
import { toComplete } from './to-complete.ts';
import { toDeliver } from './to-deliver.ts';
import { toFailWith } from './to-fail-with.ts';
import { toHang } from './to-hang.ts';
import { toHaveFinding } from './to-have-finding.ts';
import { toHaveNoFindings } from './to-have-no-findings.ts';
import { toMatchTrace } from './to-match-trace.ts';

/** Teaches `expect` the matchers; once or more often. */
export function registerMatchers(): void {
  expect.extend({
    toComplete(subject: unknown, options) {
      return toComplete(this, subject, options);
    },
    toHang(subject: unknown, options) {
      return toHang(this, subject, options);
    },
    toHaveFinding(subject: unknown, name, options) {
      return toHaveFinding(this, subject, name, options);
    },
    toHaveNoFindings(subject: unknown, options) {
      return toHaveNoFindings(this, subject, options);
    },
    toDeliver(subject: unknown, expected, options) {
      return toDeliver(this, subject, expected, options);
    },
    toFailWith(subject: unknown, code, options) {
      return toFailWith(this, subject, code, options);
    },
    toMatchTrace(subject: unknown, path, options) {
      return toMatchTrace(this, subject, path, options);
    },
  });
}
