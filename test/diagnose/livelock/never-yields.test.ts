import { expect, test } from 'vitest';
import { Diagnosis } from '../../../src/diagnose/diagnosis.ts';
import { neverYields } from '../../../src/diagnose/livelock/never-yields.ts';
import type { Ending } from '../../../src/diagnose/detector.ts';
import type { Finding } from '../../../src/diagnose/finding.ts';

const POLL = { kind: 'poll', n: 1, timeMs: 0 } as const;
const MIB = 1 << 20;

interface Poll {
  /** Pairs of a read and a write of so many bytes. */
  readonly pairs: number;
  readonly bytes: number;
  readonly direction?: 'a -> b' | 'b -> a';
  /** Records are missing before this pair. */
  readonly gapAt?: number;
}

function found(polls: readonly Poll[], ending?: Partial<Ending>, hasPolls = true): Finding[] {
  const diagnosis = new Diagnosis({ detectors: [neverYields] });
  let seq = 0;
  const tell = (event: object): void => {
    const common = { connection: 1, tickMs: 0, direction: 'a -> b', kind: 'poll', seq } as const;
    diagnosis.event({ ...common, ...event });
    seq += 1;
  };
  for (const { pairs, bytes, direction = 'a -> b', gapAt = -1 } of polls) {
    if (hasPolls) tell(POLL);
    for (let pair = 0; pair < pairs; pair += 1) {
      if (pair === gapAt) seq += 1000;
      tell({ kind: 'read', direction, pos: 0, cap: 0, n: bytes, offered: bytes });
      tell({ kind: 'write', direction, pos: 0, cap: bytes, n: bytes, offered: bytes });
    }
  }
  diagnosis.end(ending);
  return diagnosis.findings();
}

test('a poll that writes more than 8 MiB is too long, and is told as it goes on', () => {
  const [finding, ...more] = found([{ pairs: 2000, bytes: 8192 }]);
  expect(more).toEqual([]);
  expect(finding).toMatchObject({
    class: 'never-yields',
    direction: 'a -> b',
    seq: 2 * 1024,
    evidence: { events: [0, 2048], numbers: { calls: 2048, bytes: 8 * MIB } },
  });
  expect(found([{ pairs: 1023, bytes: 8192 }])).toEqual([]);
});

/** What the oldest buffer does with all that two sockets may have brought before the poll: measured through `tap`. */
test('a poll with a MiB in each direction is healthy', () => {
  const half = { pairs: 512, bytes: 2048 };
  expect(found([half, { ...half, direction: 'b -> a' }])).toEqual([]);
});

test('many polls are not one', () => {
  expect(found(Array.from({ length: 100 }, () => ({ pairs: 512, bytes: 2048 })))).toEqual([]);
});

/** A message of the application may be of any size, and goes through in one read and one write. */
test('few calls are no long poll, however many bytes they move', () => {
  expect(found([{ pairs: 200, bytes: MIB }])).toEqual([]);
  expect(found([{ pairs: 256, bytes: MIB }])).toHaveLength(1);
});

test('the direction is that which has moved more often', () => {
  expect(found([{ pairs: 2000, bytes: 8192, direction: 'b -> a' }])[0]).toMatchObject({ direction: 'b -> a' });
});

/** Among the records that are missing polls may have begun and ended. */
test('what was before a gap does not count', () => {
  expect(found([{ pairs: 1500, bytes: 8192, gapAt: 750 }])).toEqual([]);
  expect(found([{ pairs: 1500, bytes: 8192, gapAt: 100 }])).toHaveLength(1);
});

test('who records no polls says nothing about where one ends', () => {
  expect(found([{ pairs: 5000, bytes: 8192 }], undefined, false)).toEqual([]);
});

test('where the thread was seen not to come back, fewer calls are enough', () => {
  const busy = { outcome: 'busy', atMs: 500, direction: 'a -> b' } as const;
  expect(found([{ pairs: 64, bytes: 1 }], busy)).toHaveLength(1);
  expect(found([{ pairs: 63, bytes: 1 }], busy)).toEqual([]);
  // Busy with something else: no direction is named.
  expect(found([{ pairs: 64, bytes: 1 }], { outcome: 'busy', atMs: 500 })).toEqual([]);
});
