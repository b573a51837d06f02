import { expect, test } from 'vitest';
import { classesIn, foundIn } from '../support/found-in.ts';

const READ = { kind: 'read', n: 68, offered: 8192 } as const;
const ZERO = { kind: 'write', cap: 68, offered: 68, n: 0 } as const;

test('a write that takes nothing of what it is offered is named, with what was offered', () => {
  expect(foundIn([READ, ZERO])).toMatchObject([
    { class: 'zero-write', direction: 'a -> b', half: 'write', seq: 1, evidence: { numbers: { offered: 68 } } },
  ]);
});

test('where the stream beneath was Pending, it says so', () => {
  const pending = { kind: 'inner-write', half: 'write', n: 'pending', offered: 68 } as const;
  const [finding] = foundIn([READ, pending, ZERO]);
  expect(finding?.evidence.events).toEqual([1, 2]);
  expect(finding?.meaning).toContain('the stream beneath it was Pending');
});

/** A count below 0 has moved pos behind its buffer: the write of nothing that follows is none of its writer's. */
test('a write of nothing takes nothing, and that is right', () => {
  expect(classesIn([READ, { ...ZERO, offered: 0 }])).toEqual([]);
});

test('a write that has failed, or waits, or returned no number, is another thing', () => {
  for (const n of ['failed', 'pending', { type: 'undefined', value: '' }] as const)
    expect(classesIn([READ, { ...ZERO, n }])).not.toContain('zero-write');
});

test('who has taken some and says 0 counts too little, and does not take nothing', () => {
  const ledger = { kind: 'ledger', half: 'write', n: 1 } as const;
  expect(classesIn([READ, ledger, ZERO])).not.toContain('zero-write');
});
