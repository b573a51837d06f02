import { expect, test } from 'vitest';
import { bytesText, statusLine } from '../../harness/tap/status-line.ts';
import type { TapSnapshot } from '../../harness/tap/tap-status.ts';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [34_567_890, '34.6 MB'],
  [345_678_900, '346 MB'],
  [5e15, '5000 TB'],
])('%d bytes are %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text);
});

const busy: TapSnapshot = { open: 2, ended: 5, aToB: 1200, bToA: 34e6, quiet: [] };
const quiet = (connection: number, quietMs: number) => ({
  connection,
  a: 'a',
  b: 'b',
  quietMs,
  isHeldUp: false,
  waits: ['a -> b waits for a to send, since 12 s'],
});

test('totals alone while everything moves', () => {
  expect(statusLine(busy, 100)).toBe('2 open, 5 ended | a -> b 1.2 kB | b -> a 34.0 MB');
});

test('who has been quiet longest, and how many more there are', () => {
  expect(statusLine({ ...busy, quiet: [quiet(3, 12_000), quiet(4, 2000)] }, 200)).toBe(
    '2 open, 5 ended | a -> b 1.2 kB | b -> a 34.0 MB | #3 quiet for 12 s (and 1 more): a -> b waits for a to send',
  );
  const heldUp = { ...quiet(5, 3000), isHeldUp: true, waits: ['b -> a waits for a to take more, since 3.0 s'] };
  expect(statusLine({ ...busy, quiet: [heldUp] }, 200)).toContain(
    '| #5 held up for 3.0 s: b -> a waits for a to take more',
  );
});

test('it is cut to the width of the terminal', () => {
  const line = statusLine({ ...busy, quiet: [quiet(3, 12_000)] }, 40);
  expect(line).toBe('2 open, 5 ended | a -> b 1.2 kB | b -...');
  expect(line.length).toBe(40);
});
