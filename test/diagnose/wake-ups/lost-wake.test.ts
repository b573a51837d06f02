import { expect, test } from 'vitest';
import { classesIn, foundIn, type Told } from '../support/found-in.ts';

const PARKED = { ending: { outcome: 'parked' } } as const;
const READABLE = { kind: 'socket', half: 'read', n: 2, offered: 68 } as const;
const WOKE = { kind: 'socket', half: 'read', n: 12, offered: 0 } as const;

/** A reader of a that has looked, found nothing, and registered. */
function waiting(...beneath: Told[]): Told[] {
  const register = { kind: 'register', half: 'read', n: 1 } as const;
  return [{ kind: 'poll' }, ...beneath, register, { kind: 'read', n: 'pending', offered: 8192 }];
}

test('a half that was not woken, and could go on, has lost its event', () => {
  expect(foundIn([...waiting(), READABLE], PARKED)).toMatchObject([
    {
      class: 'readiness-lost',
      direction: 'a -> b',
      half: 'read',
      seq: 3,
      evidence: { numbers: { readableBytes: 68 } },
    },
  ]);
});

test('what is beneath has woken somebody, and the wake was not passed on', () => {
  expect(classesIn([...waiting(), WOKE], PARKED)).toEqual(['readiness-lost']);
});

test('nothing is said while it may still be woken, nor once it was', () => {
  expect(classesIn([...waiting(), READABLE])).toEqual([]);
  expect(classesIn([...waiting(), READABLE], { ending: { outcome: 'unfinished' } })).toEqual([]);
  expect(classesIn([...waiting(), READABLE, { kind: 'wake', half: 'read' }], PARKED)).toEqual([]);
});

test('what was readable before it looked is no news', () => {
  expect(classesIn([READABLE, ...waiting()], PARKED)).toEqual([]);
});

test('an adapter that waits for something of its own has not asked beneath', () => {
  const ready = { kind: 'inner-read', n: 40, offered: 8192 } as const;
  expect(classesIn([...waiting(ready), READABLE], PARKED)).toEqual([]);
  expect(classesIn([...waiting({ ...ready, n: 'pending' }), READABLE], PARKED)).toEqual(['readiness-lost']);
});

test('where records are missing since it registered, the wake may have been among them', () => {
  expect(classesIn([...waiting(), { ...READABLE, seq: 20 }], PARKED)).toEqual([]);
});
