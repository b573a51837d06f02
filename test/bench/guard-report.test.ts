import { expect, test } from 'vitest';
import { guardReport, guardText, type GuardRound } from '../../harness/bench/guard-report.ts';

const MEBIBYTE = 1 << 20;
const round = (slow: number, addedMs: number): GuardRound => ({
  cpuMs: { without: 100 * slow, guarded: 100 * slow + addedMs },
  rssBytes: { without: 60 * MEBIBYTE, guarded: 70 * MEBIBYTE },
  testMicros: { without: 20 * slow, guarded: 20 * slow + 11 },
  verdictMs: 70 * slow,
  endMs: 300 * slow,
});

test('what the guard adds is taken within a round', () => {
  expect(guardReport([round(1, 30), round(1, 34), round(9, 40)], 'v26.10.0')).toEqual({
    schema: 1,
    rounds: 3,
    node: 'v26.10.0',
    msPerWorker: { median: 34, min: 30, max: 40 },
    mebibytesPerWorker: { median: 10, min: 10, max: 10 },
    microsPerTest: { median: 11, min: 11, max: 11 },
    verdictMs: { median: 70, min: 70, max: 630 },
    endMs: { median: 300, min: 300, max: 2700 },
  });
});

test('the same for a person has the target beside it', () => {
  const lines = guardText(guardReport([round(1, 34)], 'v26.10.0')).split('\n');
  expect(lines[2]).toBe('  CPU ms a worker                      34.0     34.0     34.0  50');
});
