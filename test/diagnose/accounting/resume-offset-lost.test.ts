import { expect, test } from 'vitest';
import { classesIn, foundIn, type Told } from '../support/found-in.ts';

const READ = { kind: 'read', offered: 8192, n: 68 } as const;
const TOOK_40 = { kind: 'write', cap: 68, offered: 68, n: 40 } as const;
const PENDING = { kind: 'write', pos: 40, cap: 68, offered: 28, n: 'pending' } as const;
const BLOCKED = [READ, TOOK_40, PENDING] as const;

function writeAt(pos: number, cap: number): Told {
  return { kind: 'write', pos, cap, offered: cap - pos, n: cap - pos };
}

test('bytes that a blocked writer had taken already are offered again', () => {
  expect(foundIn([...BLOCKED, writeAt(0, 68)])).toMatchObject([
    {
      class: 'resume-offset-lost',
      seq: 3,
      evidence: { events: [2, 3], numbers: { pos: 40, cap: 68, posAfter: 0, capAfter: 68, again: 40 } },
    },
  ]);
});

test('bytes that a blocked writer had not taken are never offered again', () => {
  const dropped = { pos: 40, cap: 68, dropped: 28 };
  expect(foundIn([...BLOCKED, { ...READ, pos: 68, cap: 68, n: 5 }])).toMatchObject([
    { class: 'resume-offset-lost', seq: 3, evidence: { numbers: dropped } },
  ]);
  expect(foundIn([...BLOCKED, writeAt(0, 5)])).toMatchObject([{ seq: 3, evidence: { numbers: dropped } }]);
  expect(foundIn([...BLOCKED, writeAt(40, 50)])).toMatchObject([{ seq: 3, evidence: { numbers: dropped } }]);
});

test('a write that goes on elsewhere than a short one stopped is named too, and so is one that begins behind a whole one', () => {
  expect(foundIn([READ, TOOK_40, writeAt(39, 68)])).toMatchObject([{ evidence: { numbers: { again: 1 } } }]);
  expect(foundIn([READ, writeAt(0, 68), writeAt(67, 68)])).toMatchObject([{ evidence: { numbers: { again: 1 } } }]);
});

test('the same place, with what a top-up has added, and a new buffer after the old one are in order', () => {
  const topUp = { kind: 'read', pos: 40, cap: 68, offered: 8124, n: 20 } as const;
  const healthy = [...BLOCKED, topUp, PENDING, writeAt(40, 88), { ...READ, n: 7 }, writeAt(0, 7), writeAt(0, 7)];
  expect(classesIn(healthy)).toEqual([]);
});

/** A wrapper around a stream sees no buffer: pos stays 0, and each write is of what its caller has now. */
test('a trace that knows no copy is held to a Pending write alone', () => {
  const foreign = { dialect: null } as const;
  const again = { ...PENDING, pos: 0, cap: 0 } as const;
  expect(classesIn([READ, { ...TOOK_40, cap: 68 }, writeAt(0, 28)], foreign)).toEqual([]);
  expect(classesIn([READ, again, { ...again, offered: 5, n: 5 }], foreign)).toEqual([]);
  expect(classesIn([...BLOCKED, writeAt(0, 68)], foreign)).toEqual(['resume-offset-lost']);
});

test('where a count was half a byte, no place is known', () => {
  const half = { type: 'number', value: '67.5' } as const;
  const rest = { kind: 'write', pos: half, cap: 68, offered: 1, n: 1 } as const;
  expect(classesIn([READ, { ...TOOK_40, n: half }, rest, READ])).not.toContain('resume-offset-lost');
});

test('what a gap has swallowed is not held against the copy', () => {
  expect(classesIn([...BLOCKED, { ...writeAt(0, 5), seq: 900 }])).toEqual([]);
});

test('a reader that has taken bytes back has moved the end itself', () => {
  const back = { kind: 'read', pos: 40, cap: 68, offered: 8124, n: -10 } as const;
  expect(foundIn([...BLOCKED, back, writeAt(40, 58)])).toMatchObject([
    { class: 'read-cursor-regression', consequences: [] },
  ]);
});
