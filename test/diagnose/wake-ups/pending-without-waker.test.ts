import { expect, test } from 'vitest';
import { classesIn, foundIn, type Told } from '../support/found-in.ts';

const POLL = { kind: 'poll' } as const;
const PENDING_READ = { kind: 'read', n: 'pending', offered: 8192 } as const;
/** The other direction does as it should, so that the trace is one that tells registrations. */
const OTHER: readonly Told[] = [
  { kind: 'register', direction: 'b -> a', half: 'read' },
  { ...PENDING_READ, direction: 'b -> a' },
];

test('a Pending without a registration is named with its call, its half and its event', () => {
  expect(foundIn([POLL, PENDING_READ, ...OTHER])).toMatchObject([
    {
      class: 'pending-without-waker',
      direction: 'a -> b',
      half: 'read',
      seq: 1,
      confidence: 'certain',
      evidence: { numbers: { offered: 8192 } },
    },
  ]);
});

test.each(['write', 'flush', 'shutdown'] as const)('a %s that registers nobody blames the write half', (kind) => {
  const [finding] = foundIn([POLL, { kind, n: 'pending', offered: 0 }, ...OTHER]);
  expect(finding).toMatchObject({ class: 'pending-without-waker', half: 'write', direction: 'a -> b' });
  expect(finding?.meaning).toContain(`A ${kind} of b was Pending`);
});

test('a registration within the call is one, for that half alone', () => {
  const register = { kind: 'register', half: 'read' } as const;
  expect(classesIn([POLL, register, PENDING_READ, ...OTHER])).toEqual([]);
  expect(classesIn([POLL, { ...register, half: 'write' }, PENDING_READ, ...OTHER])).toEqual(['pending-without-waker']);
});

test('a waker that an earlier call has kept does not count, nor one with which the copy has put itself off', () => {
  const register = { kind: 'register', half: 'read' } as const;
  expect(classesIn([POLL, register, PENDING_READ, POLL, PENDING_READ])).toEqual(['pending-without-waker']);
  const yielded = [{ kind: 'read', n: 5, offered: 8192 }, register, { kind: 'wake', half: 'read' }] as const;
  expect(classesIn([POLL, ...yielded, POLL, PENDING_READ])).toEqual(['pending-without-waker']);
});

test('a trace that tells no registrations says nothing, unless it is our own and nothing moves any more', () => {
  expect(classesIn([POLL, PENDING_READ])).toEqual([]);
  expect(classesIn([POLL, PENDING_READ], { dialect: null, ending: { outcome: 'parked' } })).toEqual([]);
  expect(classesIn([PENDING_READ], { ending: { outcome: 'parked' } })).toEqual([]);
  expect(foundIn([POLL, PENDING_READ], { ending: { outcome: 'parked' } })).toMatchObject([
    { class: 'pending-without-waker', confidence: 'likely' },
  ]);
});

test('where the records before a call are missing, its registration may have been among them', () => {
  const before = [POLL, ...OTHER] as const;
  expect(classesIn([...before, { ...PENDING_READ, seq: 9 }])).toEqual([]);
  // A poll of which the beginning is there is whole.
  expect(classesIn([...before, { ...POLL, seq: 9 }, PENDING_READ])).toEqual(['pending-without-waker']);
  expect(classesIn([{ ...PENDING_READ, seq: 5000, tickMs: 70 }, ...OTHER])).toEqual([]);
});

test('an adapter over a Ready stream is told from one that has forgotten its waker', () => {
  const inner = { kind: 'inner-read', n: 40, offered: 8192 } as const;
  const [finding] = foundIn([POLL, inner, PENDING_READ, ...OTHER]);
  expect(finding).toMatchObject({ class: 'inner-ready-outer-pending', seq: 2, evidence: { events: [1, 2] } });
  expect(finding?.meaning).toContain('had moved 40 bytes');
  expect(foundIn([POLL, { ...inner, n: 'failed' }, PENDING_READ, ...OTHER])[0]?.meaning).toContain('had failed');
  // It has asked again, and that was Pending: so it was to be woken, and was not told by whom.
  const asked = [inner, { ...inner, n: 'pending' }] as const;
  expect(classesIn([POLL, ...asked, PENDING_READ, ...OTHER])).toEqual(['pending-without-waker']);
  expect(classesIn([POLL, inner, { kind: 'register', half: 'read' }, PENDING_READ])).toEqual([]);
});

test('what comes of it is its consequence, and the same again is only counted', () => {
  const healed = [POLL, { kind: 'read', n: 68, offered: 8192, tickMs: 5 }] as const;
  expect(foundIn([POLL, ...OTHER, PENDING_READ, ...healed, POLL, PENDING_READ])).toMatchObject([
    { class: 'pending-without-waker', more: 1, consequences: [{ class: 'masked-stall', seq: 5 }] },
  ]);
});
