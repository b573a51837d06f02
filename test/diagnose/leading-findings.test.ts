import { expect, test } from 'vitest';
import { leadingFindings } from '../../src/diagnose/leading-findings.ts';
import type { FindingClass } from '../../src/diagnose/finding-class.ts';
import type { Found } from '../../src/diagnose/diagnosed-connection.ts';

/** What one defect causes is not told apart from it: the order of events and the classes say which is which. */

function found(name: FindingClass, seq: number): Found {
  return { report: { class: name, direction: 'a -> b', seq, meaning: 'Because' }, more: 0 };
}

test('a consequence is told with its cause, whichever was reported first', () => {
  const [leading, ...others] = leadingFindings(1, [found('half-close-linger', 90), found('over-report-spin', 12)]);
  expect(others).toEqual([]);
  expect(leading).toMatchObject({
    class: 'over-report-spin',
    seq: 12,
    consequences: [{ class: 'half-close-linger', direction: 'a -> b', seq: 90 }],
  });
});

/** Each direction has a writer of its own. */
test('a wrong count explains one of its own direction alone', () => {
  const other = found('under-report', 40);
  const down: Found = { ...other, report: { ...other.report, direction: 'b -> a' } };
  expect(leadingFindings(1, [found('retry-shrunk', 12), other])).toHaveLength(1);
  expect(leadingFindings(1, [found('retry-shrunk', 12), down])).toHaveLength(2);
  const linger = found('half-close-linger', 90);
  const lingers: Found = { ...linger, report: { ...linger.report, direction: 'b -> a' } };
  expect(leadingFindings(1, [found('retry-shrunk', 12), lingers])).toHaveLength(1);
});

test('two defects of which neither explains the other are both told, in the order in which they showed', () => {
  const leading = leadingFindings(1, [found('zero-write', 40), found('over-report-masked', 12)]);
  expect(leading.map(({ class: name, consequences }) => [name, consequences])).toEqual([
    ['over-report-masked', []],
    ['zero-write', []],
  ]);
});

test('what is lost in one direction is no consequence of an end in the other, but of what ends both', () => {
  const down = (name: FindingClass, seq: number): Found => {
    const { report } = found(name, seq);
    return { report: { ...report, direction: 'b -> a' }, more: 0 };
  };
  const classes = (list: readonly Found[]): string[] => leadingFindings(1, list).map((one) => one.class);
  expect(classes([found('false-eof', 12), down('buffered-data-lost', 40)])).toEqual([
    'false-eof',
    'buffered-data-lost',
  ]);
  expect(classes([found('false-eof', 12), found('buffered-data-lost', 40)])).toEqual(['false-eof']);
  expect(classes([found('premature-teardown', 12), down('buffered-data-lost', 40)])).toEqual(['premature-teardown']);
});
