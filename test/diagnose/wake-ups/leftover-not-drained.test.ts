import { expect, test } from 'vitest';
import { classesIn, foundIn, type Told } from '../support/found-in.ts';

const POLL = { kind: 'poll' } as const;
const REGISTER = { kind: 'register', half: 'read' } as const;
const PENDING_READ = { kind: 'read', n: 'pending', offered: 8192 } as const;
const QUEUE = { kind: 'queue', half: 'read', n: 4, offered: 0 } as const;
const ASKED: Told = { kind: 'inner-read', n: 'pending', offered: 8192 };

test('a read that asks for more before it hands over what it has is named with the bytes', () => {
  expect(foundIn([POLL, ASKED, REGISTER, QUEUE, PENDING_READ])).toMatchObject([
    {
      class: 'leftover-not-drained',
      direction: 'a -> b',
      half: 'read',
      seq: 4,
      evidence: { numbers: { queue: 4 } },
      confidence: 'certain',
    },
  ]);
});

test('where nothing is told of what lies beneath, it is likely', () => {
  expect(foundIn([POLL, REGISTER, QUEUE, PENDING_READ])).toMatchObject([
    { class: 'leftover-not-drained', confidence: 'likely' },
  ]);
});

test('what was handed over since, or told as empty, is no leftover', () => {
  const got = { kind: 'read', n: 4, offered: 8192 } as const;
  expect(classesIn([POLL, QUEUE, got, REGISTER, PENDING_READ])).toEqual([]);
  expect(classesIn([POLL, REGISTER, QUEUE, { ...QUEUE, n: 0 }, PENDING_READ])).toEqual([]);
});

test('a stream that has had its turn and wakes itself at once goes on in the next', () => {
  expect(classesIn([POLL, QUEUE, REGISTER, { kind: 'wake', half: 'read' }, PENDING_READ])).toEqual([]);
});

test('bytes of the write half wait for the network, and may', () => {
  const queued = { ...QUEUE, half: 'write' } as const;
  const register = { ...REGISTER, half: 'write' } as const;
  expect(classesIn([POLL, queued, register, { kind: 'write', n: 'pending', offered: 4 }])).toEqual([]);
});
