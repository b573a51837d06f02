import { expect, test } from 'vitest';
import { classesIn, foundIn, type Told } from '../support/found-in.ts';

const MARK = 1000;

function queue(n: number, mark = MARK): Told {
  return { kind: 'queue', half: 'write', n, offered: mark };
}

function write(n: number): Told {
  return { kind: 'write', pos: 0, cap: n, n, offered: n };
}

test('more than two marks and a chunk is no mark', () => {
  const [finding, ...more] = foundIn([write(500), queue(1200), write(500), queue(2501), write(500)]);
  expect(more).toEqual([]);
  expect(finding).toMatchObject({
    class: 'no-backpressure',
    direction: 'a -> b',
    half: 'write',
    seq: 3,
    evidence: { events: [1, 2, 3], numbers: { queued: 2501, mark: 1000, largest: 500 } },
  });
  expect(classesIn([write(500), queue(2500), write(500)])).toEqual([]);
});

/** A chunk that is given away is taken whole, and a message of an application may be larger than any mark. */
test('one chunk on top of the mark is healthy, also where it is told within its own write', () => {
  expect(classesIn([queue(50_999), write(50_000)])).toEqual([]);
  expect(classesIn([queue(50_999), write(40_000)])).toEqual(['no-backpressure']);
});

test('a writer that names no mark has one that no healthy writer reaches', () => {
  expect(classesIn([queue(32 << 20, 0)])).toEqual([]);
  expect(foundIn([queue((32 << 20) + 1, 0)])[0]?.meaning).toContain('it names no mark');
});

/** What was read and not handed over is bounded by other means. */
test('what lies in a reader is not its concern', () => {
  expect(classesIn([{ ...queue(1 << 30), half: 'read' }])).toEqual([]);
});

test('a count that is too large makes no larger chunk of it', () => {
  expect(classesIn([{ ...write(10), n: 5000 }, queue(2600), write(10)])).toContain('no-backpressure');
});

/** A ring that has wrapped may have lost the write of a chunk that was given away whole, and still lies there. */
test('where records are missing, what lies there first may be one chunk, and what comes on top of it counts', () => {
  const after: Told = { ...queue(50_000), seq: 100 };
  expect(classesIn([write(500), after, write(500)])).toEqual([]);
  expect(classesIn([write(500), after, write(500), queue(52_001), write(500)])).toEqual(['no-backpressure']);
});
