import { expect, test } from 'vitest';
import { classesIn, foundIn } from '../support/found-in.ts';

const ROOMLESS = { kind: 'read', offered: 0, n: 0 } as const;
const ROUND = { kind: 'loop', pos: 0, cap: 0 } as const;

test('a read into no room that is taken for the end is named', () => {
  expect(foundIn([ROOMLESS])).toMatchObject([{ class: 'zero-capacity', half: 'read', seq: 0 }]);
});

/** A program in another language may leave out what was offered: then 0 says nothing. */
test('without a word on room or dialect, a read of 0 is an end like any other', () => {
  expect(classesIn([ROOMLESS], { dialect: null })).toEqual([]);
  const told = { kind: 'read', direction: 'b -> a', offered: 8192, n: 5 } as const;
  expect(classesIn([told, ROOMLESS], { dialect: null })).toEqual(['zero-capacity']);
});

test('the end of a source that hands over chunks has no room, and needs none; a failed read has none either', () => {
  expect(classesIn([{ ...ROOMLESS, chunk: true }])).toEqual([]);
  expect(classesIn([{ ...ROOMLESS, n: 'failed' }])).toEqual([]);
});

test('a loop that goes round and has never read is named, whether it was counted or given up', () => {
  const expected = [{ class: 'zero-capacity', seq: 1, evidence: { numbers: { iterations: 1001 } } }];
  expect(
    foundIn([
      { kind: 'poll', n: 1 },
      { ...ROUND, repeat: 1000 },
    ]),
  ).toMatchObject(expected);
  const spinning = { ending: { outcome: 'spinning', direction: 'a -> b' } } as const;
  expect(classesIn([{ kind: 'poll', n: 1 }, ROUND], spinning)).toEqual(['zero-capacity']);
  expect(classesIn([{ kind: 'poll', n: 1 }, ROUND])).toEqual([]);
});

test('a loop that spins after a read is another thing', () => {
  const read = { kind: 'read', offered: 8192, n: { type: 'undefined', value: '' } } as const;
  expect(classesIn([read, { ...ROUND, repeat: 1000 }])).not.toContain('zero-capacity');
});

test('an adapter that reads beneath into no room is named, and not its end', () => {
  const [finding, ...others] = foundIn([
    { kind: 'inner-read', offered: 8192, n: 5 },
    { kind: 'ledger', n: 5 },
    { kind: 'read', offered: 8192, n: 5 },
    { kind: 'inner-read', offered: 0, n: 0 },
    { kind: 'read', offered: 8192, n: 0 },
  ]);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ class: 'zero-capacity', seq: 3 });
});

/** `pollChunk` beneath: what is offered there is the chunk, and at the end there is none. */
test('a chunk source beneath that ends is in order', () => {
  const events = [
    { kind: 'inner-read', offered: 5, n: 5, chunk: true },
    { kind: 'read', offered: 5, n: 5, chunk: true },
    { kind: 'inner-read', offered: 0, n: 0, chunk: true },
    { kind: 'read', offered: 0, n: 0, chunk: true },
  ] as const;
  expect(classesIn(events)).toEqual([]);
});
