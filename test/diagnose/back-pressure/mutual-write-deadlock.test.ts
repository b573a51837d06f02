import { expect, test } from 'vitest';
import { classesIn, foundIn, type Told } from '../support/found-in.ts';

const PARKED = { ending: { outcome: 'parked', atMs: 1000 } } as const;

/** A write of 100 that waits, with all that comes before it. */
function blocked(direction: 'a -> b' | 'b -> a', beneath: readonly Told[] = []): Told[] {
  return [
    ...beneath.map((event) => ({ ...event, direction })),
    { kind: 'register', direction, half: 'write', n: 2 },
    { kind: 'write', direction, pos: 20, cap: 120, n: 'pending', offered: 100 },
  ];
}

const INNER_PENDING: Told = { kind: 'inner-write', half: 'write', n: 'pending', offered: 100 };
const INNER_TOOK: Told = { kind: 'inner-write', half: 'write', n: 20, offered: 120 };
const FULL: Told = { kind: 'queue', half: 'write', n: 300_000, offered: 262_144 };

test('two writes that wait for ever, each with bytes in hand', () => {
  const [finding, ...more] = foundIn([...blocked('a -> b'), ...blocked('b -> a')], PARKED);
  expect(more).toEqual([]);
  expect(finding).toMatchObject({
    class: 'mutual-write-deadlock',
    direction: 'b -> a',
    seq: 3,
    confidence: 'likely',
    readings: [{ class: 'dead-peer' }],
    evidence: { events: [1, 3], numbers: { inHandUp: 100, inHandDown: 100 } },
  });
});

test('with both queues above their marks it is certain', () => {
  const [finding] = foundIn([...blocked('a -> b', [FULL]), ...blocked('b -> a', [FULL])], PARKED);
  expect(finding).toMatchObject({ confidence: 'certain', readings: [] });
  expect(finding?.meaning).toContain('300000 bytes wait to be sent to b (mark 262144)');
});

test('one that waits is a slow reader', () => {
  const reads: Told[] = [
    { kind: 'register', direction: 'b -> a', half: 'read', n: 1 },
    { kind: 'read', direction: 'b -> a', offered: 8192, n: 'pending' },
  ];
  expect(classesIn([...blocked('a -> b'), ...reads], PARKED)).not.toContain('mutual-write-deadlock');
});

test('who has not seen that nothing happens any more cannot tell', () => {
  const both = [...blocked('a -> b'), ...blocked('b -> a')];
  expect(classesIn(both)).toEqual([]);
  expect(classesIn(both, { ending: { outcome: 'unfinished', atMs: 0 } })).toEqual([]);
});

test('one that was woken would go on', () => {
  const woken: Told = { kind: 'wake', direction: 'a -> b', half: 'write', n: 0 };
  const both = [...blocked('a -> b'), ...blocked('b -> a')];
  const found = foundIn([...both, woken], PARKED);
  expect(found.flatMap((one) => [one.class, ...one.consequences.map((other) => other.class)])).not.toContain(
    'mutual-write-deadlock',
  );
});

/** An adapter that says Pending though the stream beneath it would take more waits for something of its own. */
test('a writer that is not blocked beneath is no part of it', () => {
  const beneath = [...blocked('a -> b', [INNER_PENDING]), ...blocked('b -> a', [INNER_PENDING])];
  expect(classesIn(beneath, PARKED)).toEqual(['mutual-write-deadlock']);
  const took: Told = { kind: 'write', direction: 'a -> b', pos: 0, cap: 120, n: 20, offered: 120 };
  const own = [{ ...INNER_TOOK, direction: 'a -> b' } as const, took, ...blocked('a -> b')];
  expect(classesIn([...own, ...blocked('b -> a', [INNER_PENDING])], PARKED)).not.toContain('mutual-write-deadlock');
});
