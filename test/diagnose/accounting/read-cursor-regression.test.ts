import { expect, test } from 'vitest';
import { classesIn, foundIn } from '../support/found-in.ts';

const TOOK_40 = [
  { kind: 'read', n: 68, offered: 8192 },
  { kind: 'write', cap: 68, offered: 68, n: 40 },
  { kind: 'write', pos: 40, cap: 68, offered: 28, n: 'pending' },
] as const;
const PAST = { kind: 'loop', pos: 40, cap: 28, repeat: 1000 } as const;

test('a read that reports less than nothing is to blame for the pos that has passed cap, and no writer is', () => {
  const [finding, ...others] = foundIn([...TOOK_40, { kind: 'read', pos: 40, cap: 68, offered: 8124, n: -40 }, PAST]);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    class: 'read-cursor-regression',
    half: 'read',
    seq: 3,
    evidence: { numbers: { pos: 40, cap: 68, reported: -40, capAfter: 28 } },
    consequences: [],
  });
  expect(finding?.meaning).toContain('with 28 bytes still to be written');
});

/** A recording of another language has no counts below 0: there it is the buffer's end that tells. */
test('a cap that a read has left lower is named without a count', () => {
  const went = [
    ...TOOK_40,
    { kind: 'read', pos: 40, cap: 68, offered: 8124, n: 0 },
    { kind: 'read', pos: 40, cap: 50, offered: 8124, n: 'pending' },
  ] as const;
  expect(foundIn(went)[0]).toMatchObject({
    class: 'read-cursor-regression',
    seq: 3,
    evidence: { events: [3, 4], numbers: { pos: 40, cap: 68, capAfter: 50 } },
  });
});

test('a read that returned no number at all is named for what it is', () => {
  const read = { kind: 'read', offered: 8192, n: { type: 'undefined', value: '' } } as const;
  expect(foundIn([read])[0]?.meaning).toContain('of type undefined');
});

test('a buffer that is begun anew, and reads that wait, fail or end, are in order', () => {
  const healthy = [
    ...TOOK_40,
    { kind: 'read', pos: 40, cap: 68, offered: 8124, n: 'pending' },
    { kind: 'write', pos: 40, cap: 68, offered: 28, n: 28 },
    { kind: 'loop', pos: 68, cap: 68 },
    { kind: 'read', offered: 8192, n: 5 },
    { kind: 'write', cap: 5, offered: 5, n: 5 },
    { kind: 'read', offered: 8192, n: 'failed' },
  ] as const;
  expect(classesIn(healthy)).toEqual([]);
});

test('what a gap has swallowed is not held against the reader', () => {
  const after = { kind: 'write', seq: 900, pos: 40, cap: 50, offered: 10, n: 10 } as const;
  expect(classesIn([...TOOK_40, { kind: 'read', pos: 40, cap: 68, offered: 8124, n: 5 }, after])).toEqual([]);
});
