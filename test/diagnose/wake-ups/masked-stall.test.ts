import { expect, test } from 'vitest';
import { classesIn, foundIn, type Told } from '../support/found-in.ts';

const OTHER_WAKE = { kind: 'wake', direction: 'b -> a', half: 'read' } as const;
const WOKE = { kind: 'socket', half: 'read', n: 12, offered: 0 } as const;

/** A poll in which the reader of a registers and is Pending. */
function waiting(tickMs: number): Told[] {
  return [
    { kind: 'poll', tickMs },
    { kind: 'register', half: 'read', tickMs },
    { kind: 'read', n: 'pending', offered: 8192, tickMs },
  ];
}

/** A poll in which it goes on. */
function goesOn(tickMs: number): Told[] {
  return [
    { kind: 'poll', tickMs },
    { kind: 'read', n: 28, offered: 8192, tickMs },
  ];
}

test('a reader that goes on a second after its data, for the wake of another, has hung meanwhile', () => {
  const events = [...waiting(0), { ...WOKE, tickMs: 10 }, { ...OTHER_WAKE, tickMs: 10 }, ...goesOn(1010)];
  expect(foundIn(events)).toMatchObject([
    {
      class: 'masked-stall',
      direction: 'a -> b',
      half: 'read',
      seq: 6,
      evidence: { events: [2, 3, 4, 6], numbers: { lateMs: 1000 } },
      confidence: 'certain',
    },
  ]);
});

test('less than a second may be a wake that is under way', () => {
  expect(classesIn([...waiting(0), { ...WOKE, tickMs: 11 }, OTHER_WAKE, ...goesOn(1010)])).toEqual([]);
});

test('a reader that its own waker has woken is no news, whoever else was', () => {
  const own = { kind: 'wake', half: 'read' } as const;
  expect(classesIn([...waiting(0), { ...WOKE, tickMs: 10 }, own, OTHER_WAKE, ...goesOn(1010)])).toEqual([]);
});

test('data that comes together with the wake of another is found by the poll that this one brings', () => {
  expect(classesIn([...waiting(0), OTHER_WAKE, ...goesOn(5000)])).toEqual([]);
  expect(classesIn([...waiting(0), { ...WOKE, tickMs: 5000 }, OTHER_WAKE, ...goesOn(5000)])).toEqual([]);
});

test('nor is there anything to it where no other half was woken: the trace does not say what has', () => {
  expect(classesIn([...waiting(0), { ...WOKE, tickMs: 10 }, ...goesOn(5000)])).toEqual([]);
});

test('a connection that was over for a second, of which nobody was told, is called by its name', () => {
  const ended = { ...WOKE, n: 4, tickMs: 10 } as const;
  const end = { kind: 'read', n: 0, offered: 8192, tickMs: 3010 } as const;
  const failed = { ...end, n: 'failed' } as const;
  for (const last of [end, failed])
    expect(foundIn([...waiting(0), ended, OTHER_WAKE, { kind: 'poll', tickMs: 3010 }, last])[0]).toMatchObject({
      class: 'close-does-not-wake',
      direction: 'a -> b',
      evidence: { numbers: { lateMs: 3000 } },
    });
});

test('a call that was Pending and is Ready in the same poll needs no wake', () => {
  const again = { kind: 'read', n: 28, offered: 8192, tickMs: 0 } as const;
  expect(classesIn([...waiting(0), OTHER_WAKE, again])).toEqual([]);
  // Not even one that has registered nobody.
  const forgotten = [...waiting(0), { kind: 'poll' }, { kind: 'read', n: 'pending', offered: 8192 }, again] as Told[];
  expect(foundIn(forgotten)).toMatchObject([{ class: 'pending-without-waker', consequences: [] }]);
});

test('three times in more than a second without one wake of its own is likely no chance', () => {
  const round = (tickMs: number): Told[] => [...waiting(tickMs), OTHER_WAKE, ...goesOn(tickMs + 500)];
  const three = [...round(0), ...round(500), ...round(1000)];
  expect(foundIn(three)).toMatchObject([
    { class: 'masked-stall', direction: 'a -> b', confidence: 'likely', evidence: { numbers: { times: 3 } } },
  ]);
  expect(classesIn([...round(0), ...round(5000)])).toEqual([]);
  const woken = [...waiting(1000), { kind: 'wake', half: 'read' } as const, ...goesOn(1200)];
  expect(classesIn([...round(0), ...round(500), ...woken, ...round(2000)])).toEqual([]);
});

test('three times within a second is the traffic of a busy moment', () => {
  const round = (tickMs: number): Told[] => [...waiting(tickMs), OTHER_WAKE, ...goesOn(tickMs + 1)];
  expect(classesIn([...round(0), ...round(10), ...round(20), ...round(30)])).toEqual([]);
});
