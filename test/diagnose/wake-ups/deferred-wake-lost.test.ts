import { expect, test } from 'vitest';
import { classesIn, foundIn, type Told } from '../support/found-in.ts';

const POLL = { kind: 'poll' } as const;
const REGISTER = { kind: 'register', half: 'read' } as const;
const WAKE = { kind: 'wake', half: 'read' } as const;
const PENDING_READ = { kind: 'read', n: 'pending', offered: 8192 } as const;
const IN_POLL: readonly Told[] = [POLL, REGISTER, WAKE, PENDING_READ];
const AFTER: readonly Told[] = [POLL, REGISTER, PENDING_READ, WAKE];

test('a wake within a poll that leads to none, of a copy that stands still, was lost by who runs it', () => {
  expect(foundIn(IN_POLL, { ending: { outcome: 'parked', atMs: 3000 } })).toMatchObject([
    {
      class: 'deferred-wake-lost',
      direction: 'a -> b',
      half: 'read',
      seq: 2,
      evidence: { numbers: { sinceMs: 3000 } },
    },
  ]);
});

test('a copy that puts itself off as the last thing of its poll is seen as well', () => {
  const yields = [POLL, { ...PENDING_READ, n: 68 }, REGISTER, WAKE] as const;
  expect(classesIn(yields, { ending: { outcome: 'parked' } })).toContain('deferred-wake-lost');
});

test('a wake from outside as the last of a trace may have had its poll later, unless its thread stands still', () => {
  expect(classesIn(AFTER, { ending: { outcome: 'parked' } })).toEqual([]);
  expect(classesIn(AFTER, { ending: { outcome: 'blocked', atMs: 5000 } })).toEqual(['deferred-wake-lost']);
});

test('a trace that just stops, or whose thread is at work, says nothing', () => {
  expect(classesIn(IN_POLL)).toEqual([]);
  expect(classesIn(IN_POLL, { ending: { outcome: 'busy' } })).toEqual([]);
  expect(classesIn(IN_POLL, { ending: { outcome: 'recovered' } })).toEqual([]);
});

test('the poll has come, or polls that wake themselves go round', () => {
  expect(classesIn([...IN_POLL, POLL, REGISTER, PENDING_READ], { ending: { outcome: 'parked' } })).toEqual([]);
  const round = [{ ...POLL, repeat: 1000 }, REGISTER, WAKE, PENDING_READ] as const;
  expect(classesIn(round, { ending: { outcome: 'parked' } })).not.toContain('deferred-wake-lost');
});
