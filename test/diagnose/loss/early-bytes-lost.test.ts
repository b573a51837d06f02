import { expect, test } from 'vitest';
import { classesIn, foundIn } from '../support/found-in.ts';

const EARLY = { kind: 'socket', n: 10, offered: 16 } as const;
const READ = { kind: 'read', offered: 8192, n: 52 } as const;
const END = { kind: 'read', offered: 8192, n: 0 } as const;
const INNER = { kind: 'inner-read', offered: 8192, n: 52 } as const;

test('a first read that came from beneath has left the early bytes behind', () => {
  expect(foundIn([EARLY, INNER, { kind: 'ledger', n: 52 }, READ])).toMatchObject([
    {
      class: 'buffered-data-lost',
      half: 'read',
      seq: 3,
      evidence: { events: [0, 3], numbers: { early: 16, missing: 16 } },
    },
  ]);
});

test('early bytes that are read first are not lost, in as many reads as it takes', () => {
  const pieces = [{ ...READ, n: 10 }, { ...READ, n: 6 }, INNER, { kind: 'ledger', n: 52 }, READ] as const;
  expect(classesIn([EARLY, ...pieces, { ...INNER, n: 0 }, END])).toEqual([]);
});

test('an end before they were read says so without a word from beneath', () => {
  expect(foundIn([EARLY, { ...READ, n: 10 }, END])).toMatchObject([{ evidence: { numbers: { missing: 6 } } }]);
  expect(classesIn([EARLY, { ...READ, n: 16 }, READ, END])).toEqual([]);
});

/** What the handshake has read of the same stream is in the ledger already when the rest of it is handed over. */
test('what was given beneath since is owed as well', () => {
  const handshake = { kind: 'ledger', n: 16 } as const;
  const all = { kind: 'ledger', n: 68 } as const;
  const ended = { kind: 'socket', n: 4, offered: 0 } as const;
  expect(classesIn([handshake, EARLY, { ...READ, n: 16 }, all, READ, ended, END])).toEqual([]);
  expect(classesIn([handshake, EARLY, all, READ, ended, END])).toEqual(['buffered-data-lost']);
});

test('a read that waits while they lie there is likely to have lost them', () => {
  expect(foundIn([EARLY, { ...READ, n: 'pending' }])).toMatchObject([
    { confidence: 'likely', readings: [{ class: 'leftover-not-drained' }] },
  ]);
  expect(classesIn([EARLY, { ...READ, n: 16 }, { ...READ, n: 'pending' }])).toEqual([]);
});

test('after a gap, or a failure, nothing is said', () => {
  expect(classesIn([EARLY, { ...END, seq: 900 }])).toEqual([]);
  expect(classesIn([EARLY, { ...READ, n: 'failed' }, END])).not.toContain('buffered-data-lost');
});
