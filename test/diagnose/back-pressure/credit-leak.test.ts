import { expect, test } from 'vitest';
import { classesIn, foundIn, type Told } from '../support/found-in.ts';

const PARKED = { ending: { outcome: 'parked', atMs: 1000 } } as const;
const DOWN = { direction: 'b -> a', half: 'read' } as const;

function credit(window: number, owed: number): Told {
  return { kind: 'credit', ...DOWN, n: window, offered: owed };
}

const REGISTERED: Told = { kind: 'register', ...DOWN, n: 1 };
const PENDING: Told = { kind: 'read', direction: 'b -> a', offered: 8192, n: 'pending' };

test('a window at its end, of which all is owed', () => {
  const [finding] = foundIn([credit(64, 0), credit(40, 24), REGISTERED, credit(0, 64), PENDING], PARKED);
  expect(finding).toMatchObject({
    class: 'credit-leak',
    direction: 'b -> a',
    half: 'read',
    seq: 3,
    evidence: { events: [1, 3], numbers: { window: 0, owed: 64, widest: 64 } },
  });
  expect(finding?.meaning).toContain('64 of its 64 bytes');
});

/** Credit is given back in batches: half a window may be owed at any time. */
test('what is owed while the peer may still send is paid back later', () => {
  expect(classesIn([credit(32, 32), REGISTERED, PENDING], PARKED)).toEqual([]);
});

test('a window at its end of which nothing is owed is back-pressure', () => {
  expect(classesIn([credit(0, 0), REGISTERED, PENDING], PARKED)).toEqual([]);
});

test('what was paid back, or has not been seen to stand still, is none', () => {
  expect(classesIn([credit(0, 64), credit(64, 0), REGISTERED, PENDING], PARKED)).toEqual([]);
  const stuck = [REGISTERED, credit(0, 64), PENDING];
  expect(classesIn(stuck)).toEqual([]);
  expect(classesIn(stuck, { ending: { outcome: 'completed', atMs: 0 } })).toEqual([]);
  expect(classesIn(stuck, { ending: { outcome: 'starved', atMs: 0 } })).toEqual([]);
  expect(foundIn(stuck, { ending: { outcome: 'livelocked', atMs: 0 } })[0]).toMatchObject({ confidence: 'likely' });
});
