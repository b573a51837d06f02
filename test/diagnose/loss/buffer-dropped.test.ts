import { expect, test } from 'vitest';
import { classesIn, foundIn, type Told } from '../support/found-in.ts';

const READ = { kind: 'read', offered: 8192, n: 68 } as const;
const BLOCKED = { kind: 'write', cap: 68, offered: 68, n: 'pending' } as const;
const FAILS = { kind: 'read', cap: 68, n: 'failed' } as const;
const FAILED = { ending: { outcome: 'failed', code: 'STREAM_FAILED' } } as const;

/** The answer, of which the slow client has not taken the last 28 bytes when the server's writing half fails. */
const ANSWER: readonly Told[] = [
  { kind: 'read', direction: 'b -> a', offered: 8192, n: 68 },
  { kind: 'write', direction: 'b -> a', cap: 68, offered: 68, n: 40 },
  { kind: 'write', direction: 'b -> a', pos: 40, cap: 68, offered: 28, n: 'pending' },
];
const ANSWER_ENDS = { kind: 'read', direction: 'b -> a', pos: 40, cap: 68, offered: 8124, n: 0 } as const;
const UPLOAD_FAILS = { kind: 'write', cap: 5, offered: 5, n: 'failed' } as const;

test('a reader that fails while the writer is blocked loses what was read before', () => {
  expect(foundIn([READ, BLOCKED, FAILS], FAILED)).toMatchObject([
    { class: 'buffered-data-lost', direction: 'a -> b', seq: 2, evidence: { events: [1, 2], numbers: { bytes: 68 } } },
  ]);
});

test('nothing is lost of an empty buffer', () => {
  const written = { ...BLOCKED, n: 68 } as const;
  expect(classesIn([READ, written, { ...FAILS, pos: 68 }], FAILED)).toEqual([]);
});

test('what was meant for a stream that has failed itself cannot be delivered', () => {
  const reset = { kind: 'socket', half: 'write', n: 6, offered: 0 } as const;
  expect(classesIn([READ, BLOCKED, reset, FAILS], FAILED)).toEqual([]);
  expect(classesIn([READ, { ...BLOCKED, n: 'failed' }], FAILED)).toEqual([]);
});

/** Whoever fails closes its streams: that comes after the failure, and excuses nothing. */
test('a stream that is closed because the copy has failed is no excuse', () => {
  const closed = { kind: 'socket', half: 'write', n: 5, offered: 0 } as const;
  expect(classesIn([READ, BLOCKED, FAILS, closed], FAILED)).toEqual(['buffered-data-lost']);
});

test.each(['ABORTED', 'HALF_CLOSE_TIMEOUT', 'WRITE_COUNT_INVALID'])('who ends with %s has given it up', (code) => {
  expect(classesIn([READ, BLOCKED, FAILS], { ending: { outcome: 'failed', code } })).toEqual([]);
});

test('a trace that just stops may go on', () => {
  expect(classesIn([READ, BLOCKED, FAILS])).toEqual([]);
});

test('an answer that has ended in good order is owed, also when the other direction fails', () => {
  expect(foundIn([...ANSWER, ANSWER_ENDS, UPLOAD_FAILS], FAILED)).toMatchObject([
    { class: 'buffered-data-lost', direction: 'b -> a', seq: 4, evidence: { numbers: { bytes: 28 } } },
  ]);
});

/** A reset asks for everything in flight to be dropped, and it is the write that finds it out. */
test('what a stream had sent before it was reset goes with it', () => {
  expect(classesIn([...ANSWER, UPLOAD_FAILS], FAILED)).toEqual([]);
  const reset = { kind: 'socket', direction: 'b -> a', n: 6, offered: 0 } as const;
  expect(classesIn([...ANSWER, ANSWER_ENDS, reset, UPLOAD_FAILS], FAILED)).toEqual([]);
});

test('a reader that fails is the one that the other direction would have written to', () => {
  expect(classesIn([...ANSWER, ANSWER_ENDS, { ...FAILS, cap: 0 }], FAILED)).toEqual([]);
});

test('a copy that is called complete has an empty buffer', () => {
  const completed = { ending: { outcome: 'completed' } } as const;
  expect(foundIn([READ, BLOCKED], completed)).toMatchObject([{ class: 'buffered-data-lost', seq: 1 }]);
  expect(classesIn([READ, { ...BLOCKED, n: 68 }], completed)).toEqual([]);
});

test('without a buffer to be seen, or after a gap, nothing is said', () => {
  const completed = { ending: { outcome: 'completed' } } as const;
  expect(classesIn([{ ...BLOCKED, cap: 0 }, READ], completed)).toEqual([]);
  expect(classesIn([READ, BLOCKED, { kind: 'poll', seq: 900, n: 9 }], completed)).toEqual([]);
});

/** A shutdown after the gap is a call of the same writer, and says nothing of what it had taken before. */
test('what was left before a gap may have been written in it', () => {
  const written = { kind: 'shutdown', direction: 'a -> b', pos: 68, cap: 68, n: 0, seq: 9 } as const;
  const completed = { ending: { outcome: 'completed' } } as const;
  expect(classesIn([READ, BLOCKED, written], completed)).toEqual([]);
  expect(classesIn([READ, BLOCKED, { ...written, seq: 2 }], completed)).toEqual(['buffered-data-lost']);
});
