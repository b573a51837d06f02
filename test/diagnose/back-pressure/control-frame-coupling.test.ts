import { expect, test } from 'vitest';
import { classesIn, foundIn, type Told } from '../support/found-in.ts';

const PARKED = { ending: { outcome: 'parked', atMs: 1000 } } as const;
const DOWN = { direction: 'b -> a', half: 'read' } as const;

const QUEUE: Told = { kind: 'queue', half: 'write', n: 64, offered: 64 };
const WRITE: Told = { kind: 'write', pos: 0, cap: 10, n: 'pending', offered: 10 };
const READ: Told = { kind: 'read', direction: 'b -> a', offered: 8192, n: 'pending' };

function blocked(on: number): Told {
  return { kind: 'blocked', ...DOWN, n: on, offered: 0 };
}

const REGISTERED: readonly Told[] = [
  { kind: 'register', half: 'write', n: 2 },
  { kind: 'register', ...DOWN, n: 1 },
];

test('the reader waits for the writer of its own stream, and both stand still', () => {
  const [finding] = foundIn([...REGISTERED, QUEUE, WRITE, blocked(1), READ], PARKED);
  expect(finding).toMatchObject({
    class: 'control-frame-coupling',
    direction: 'b -> a',
    half: 'read',
    seq: 4,
    confidence: 'certain',
    evidence: { events: [2, 3, 4, 5], numbers: { queued: 64, mark: 64 } },
  });
});

test('to wait for a moment is no fault', () => {
  const stuck = [...REGISTERED, QUEUE, WRITE, blocked(1), READ];
  expect(classesIn(stuck)).not.toContain('control-frame-coupling');
  expect(classesIn(stuck, { ending: { outcome: 'completed', atMs: 0 } })).not.toContain('control-frame-coupling');
  const gave: Told = { ...READ, n: 302 };
  const found = foundIn([...stuck, gave, READ], PARKED);
  expect(found.flatMap((one) => [one.class, ...one.consequences.map((other) => other.class)])).not.toContain(
    'control-frame-coupling',
  );
});

test('to wait for the peer, or for a writer that takes, is something else', () => {
  expect(classesIn([...REGISTERED, QUEUE, WRITE, blocked(2), READ], PARKED)).not.toContain('control-frame-coupling');
  const took: Told = { ...WRITE, n: 10 };
  expect(classesIn([...REGISTERED, took, blocked(1), READ], PARKED)).not.toContain('control-frame-coupling');
});
