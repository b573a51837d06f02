import { expect, test } from 'vitest';
import { recordReport, recordText, type RecordRounds } from '../../harness/bench/record-report.ts';
import { RECORD_VARIANTS } from '../../harness/bench/record-variant.ts';

/** Two rounds, the second on a machine of half the speed. */
const quick = {
  empty: 2,
  registerOff: 2.5,
  registerOn: 12,
  engineCut: 17,
  engineOff: 18.5,
  engineOn: 42.5,
  stuckOff: 7,
  stuckOn: 14,
  poll: 62,
  idlePoll: 102,
  mark: 202,
  console: 2002,
  pino: 3002,
};
const rounds = Object.fromEntries(
  RECORD_VARIANTS.map((name) => [
    name,
    [1, 2].map((slow) => ({ ns: quick[name] * slow, heapBytes: name === 'console' ? 60 : -0.02 })),
  ]),
) as unknown as RecordRounds;

test('what recording adds is taken within a round, and shared among the call sites of an iteration', () => {
  const report = recordReport(rounds, 'v26.10.0');
  expect(report).toMatchObject({ schema: 1, rounds: 2, node: 'v26.10.0', heapBytes: { on: 0, stuck: 0 } });
  expect(report.ns).toMatchObject({ off: 0.75, on: 12, stuck: 10.5, registerOff: 0.75, pino: 4500, empty: 3 });
  expect(report.spread).toMatchObject({ off: { min: 0.5, max: 1 }, on: { min: 8, max: 16 } });
});

test('the same for a person is a line for each figure', () => {
  const lines = recordText(recordReport(rounds, 'v26.10.0')).split('\n');
  expect(lines[2]).toBe(
    'on              12.00       8.00 ..    16.00   a record, in the engine’s loop that reads and writes',
  );
  expect(lines.at(-2)).toBe('Allocated: 0 bytes a record, 0 bytes an iteration of a stuck loop');
});
