import { expect, test } from 'vitest';
import { classesIn, foundIn, type Told } from '../support/found-in.ts';

/** The writer of b waits in this slot, then its reader registers in that. */
function waits(writerSlot: number, readerSlot: number, between: readonly Told[] = []): Told[] {
  return [
    { kind: 'poll' },
    { kind: 'register', half: 'write', n: writerSlot },
    { kind: 'write', n: 'pending', offered: 68 },
    ...between,
    { kind: 'register', direction: 'b -> a', half: 'read', n: readerSlot },
    { kind: 'read', direction: 'b -> a', n: 'pending', offered: 8192 },
  ];
}

test('a half that registers where the other waits is the proof, whatever comes of it', () => {
  expect(foundIn(waits(1, 1))).toMatchObject([
    {
      class: 'waker-overwritten',
      direction: 'a -> b',
      half: 'write',
      seq: 3,
      evidence: { events: [1, 3], numbers: { slot: 1 } },
      confidence: 'certain',
    },
  ]);
});

test('each half in its own slot, or in one of which nothing is said, is none', () => {
  expect(classesIn(waits(2, 1))).toEqual([]);
  expect(classesIn(waits(0, 0))).toEqual([]);
});

test('a half that was woken, or does not wait, leaves its slot to others', () => {
  expect(classesIn(waits(1, 1, [{ kind: 'wake', half: 'write' }]))).toEqual([]);
  const done = [{ kind: 'write', n: 68, offered: 68 }] as const;
  expect(classesIn(waits(1, 1, done))).not.toContain('waker-overwritten');
});

/** As of TLS: to read, it may have to send something first. */
test('a half that waits in a second slot, too, is woken by that', () => {
  const events = waits(1, 1);
  const second = { kind: 'register', half: 'write', n: 2 } as const;
  expect(classesIn(events.toSpliced(1, 0, second))).toEqual([]);
  // In a call before, that is.
  expect(classesIn([{ kind: 'poll' }, second, { kind: 'write', n: 1, offered: 68, cap: 69 }, ...events])).toContain(
    'waker-overwritten',
  );
});

test('the reader of the other stream shares nothing with it', () => {
  const events = waits(1, 1).map((event) => (event.half === 'read' ? { ...event, direction: 'a -> b' } : event));
  expect(classesIn(events as Told[])).not.toContain('waker-overwritten');
});

test('where records are missing since it registered, it may have been woken', () => {
  const [poll, register, write, intruder, read] = waits(1, 1);
  expect(classesIn([poll, register, write, { ...intruder, seq: 9 }, read] as Told[])).toEqual([]);
});

test('without slots, nobody woken and the stream writable is likely the same; the trace allows another reading', () => {
  const writable = { kind: 'socket', half: 'write', n: 3, offered: 0 } as const;
  const [finding] = foundIn([...waits(0, 0), writable], { ending: { outcome: 'parked' } });
  expect(finding).toMatchObject({
    class: 'waker-overwritten',
    direction: 'a -> b',
    half: 'write',
    confidence: 'likely',
  });
  expect(finding?.readings.map((reading) => reading.class)).toEqual(['readiness-lost']);
});
