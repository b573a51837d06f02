import { expect, test } from 'vitest';
import { classesIn, foundIn, type Told } from '../support/found-in.ts';

/** Polls as they are recorded: calls that are Pending, and wakes within them or after them. */

const DOWN = { direction: 'b -> a', half: 'read' } as const;
const REGISTERED: Told = { kind: 'register', ...DOWN, n: 1 };
const WOKEN: Told = { kind: 'wake', ...DOWN, n: 0 };
const PENDING: Told = { kind: 'read', direction: 'b -> a', offered: 8192, n: 'pending' };
const GAVE: Told = { kind: 'read', direction: 'b -> a', offered: 8192, n: 10, cap: 10 };
const OVER: Told = { kind: 'socket', ...DOWN, n: 5, offered: 0 };
const LIVELOCKED = { ending: { outcome: 'livelocked', atMs: 1000 } } as const;

/** One poll, or so many that were collapsed into it, of which the last was at `lastTickMs`. */
function poll(repeat = 0, tickMs = 0, lastTickMs = tickMs): Told {
  return { kind: 'poll', n: 1, timeMs: tickMs, tickMs, repeat, ...(repeat > 0 ? { lastTickMs } : {}) };
}

const STORM = [REGISTERED, WOKEN, PENDING] as const;
const HANG_UP = [REGISTERED, PENDING, WOKEN] as const;

test.each([
  ['self-wake-storm', STORM],
  ['hang-up-loop', HANG_UP],
] as const)('a thousand polls for nothing are %s, by where the wake stands', (name, events) => {
  const [finding, ...more] = foundIn([poll(999, 0, 20), ...events]);
  expect(more).toEqual([]);
  expect(finding).toMatchObject({
    class: name,
    direction: 'b -> a',
    half: 'read',
    evidence: { numbers: { polls: 1000 } },
  });
  expect(finding?.meaning).toContain('1000 polls in a row the read half of b');
  expect(classesIn([poll(998, 0, 20), ...events])).toEqual([]);
});

test('the proof is the wake', () => {
  expect(foundIn([poll(5000), ...STORM])[0]).toMatchObject({ seq: 2, evidence: { events: [2, 3] } });
});

test('polls that were each recorded count as those that were collapsed', () => {
  const polls = Array.from({ length: 999 }, () => [poll(), ...STORM]).flat();
  expect(classesIn([...polls, poll(), ...STORM])).toEqual(['self-wake-storm']);
  expect(classesIn([...polls, poll(), GAVE, ...polls])).toEqual([]);
});

/** A frame of 16 MiB, put together from what comes: each read takes a piece of it, and has nothing to give yet. */
test('a poll in which bytes moved beneath was not for nothing, whatever was answered', () => {
  const piece: Told = { kind: 'inner-read', ...DOWN, n: 16_384, offered: 16_384 };
  const nothing: Told = { ...piece, n: 'pending' };
  expect(classesIn([poll(2000), piece, ...HANG_UP])).toEqual([]);
  expect(classesIn([poll(2000), piece, nothing, ...STORM])).toEqual([]);
  expect(classesIn([poll(2000), nothing, ...HANG_UP])).toEqual(['hang-up-loop']);
});

test('where the run was seen to livelock, fewer are enough', () => {
  expect(classesIn([poll(31), ...STORM], LIVELOCKED)).toEqual(['self-wake-storm']);
  expect(classesIn([poll(30), ...STORM], LIVELOCKED)).toEqual([]);
});

test('without a word of what lies beneath, wakes after the poll may be the own ones of the stream', () => {
  expect(foundIn([poll(999), ...HANG_UP])[0]).toMatchObject({
    confidence: 'likely',
    readings: [{ class: 'self-wake-storm' }],
  });
  expect(foundIn([OVER, poll(999), ...HANG_UP])[0]).toMatchObject({ confidence: 'certain', readings: [] });
});

/** A keep-alive every few seconds wakes a reader that has nothing, for days. */
test('wakes from outside that come slowly are no loop', () => {
  expect(classesIn([poll(9999, 0, 99_990), ...HANG_UP])).toEqual(['hang-up-loop']);
  expect(classesIn([poll(9999, 0, 9_999_000), ...HANG_UP])).toEqual([]);
  const each = Array.from({ length: 2000 }, (_, index) => [poll(0, index * 5000), ...HANG_UP]).flat();
  expect(classesIn(each)).toEqual([]);
});

/** Else one poll with bytes after a storm would be enough to hide it. */
test('a storm that ends was one, and each half has its own', () => {
  expect(classesIn([poll(2000), ...STORM, poll(), GAVE])).toEqual(['self-wake-storm']);
  const up: Told[] = STORM.map((event) => ({ ...event, direction: 'a -> b' }));
  const both = foundIn([poll(2000), ...up, ...STORM]).map(({ direction }) => direction);
  expect(both).toEqual(['a -> b', 'b -> a']);
});

test('a half that is woken and not asked, or that is asked and not woken, is idle', () => {
  expect(classesIn([poll(5000), WOKEN])).toEqual([]);
  expect(classesIn([poll(5000), REGISTERED, PENDING])).toEqual([]);
});

test('who records no polls says nothing about them', () => {
  expect(classesIn(Array.from({ length: 3000 }, () => STORM).flat())).toEqual([]);
});
