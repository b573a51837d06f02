import { expect, test } from 'vitest';
import { compareRun } from '../../harness/scenario/compare-run.ts';
import type { Expectation } from '../../harness/scenario/scenario.ts';
import type { RunResult } from '../../harness/sim/run-result.ts';
import type { TraceEvent } from '../../src/trace/trace-event.ts';

const RUN: RunResult = {
  outcome: 'parked',
  direction: 'a -> b',
  error: null,
  counts: { aToB: 69, bToA: 0 },
  delivered: { aToB: Buffer.from('GET'), bToA: new Uint8Array(0) },
  polls: 2,
  steps: 0,
  elapsedMs: 0,
  waits: [
    { direction: 'a -> b', half: 'read', waker: true },
    { direction: 'b -> a', half: 'write', waker: false },
  ],
  broken: [{ law: 'waker', direction: 'b -> a', message: 'Pending without a waker', seq: null }],
};

const EVENTS: readonly TraceEvent[] = [
  { seq: 0, kind: 'poll', connection: 1, tickMs: 0, n: 1 },
  { seq: 1, kind: 'read', connection: 1, tickMs: 0, direction: 'a -> b', n: 3, offered: 2048, pos: 0, cap: 0 },
  { seq: 2, kind: 'write', connection: 1, tickMs: 0, direction: 'a -> b', n: 4, offered: 3, pos: 0, cap: 3 },
];

function texts(expected: Partial<Expectation>): string[] {
  const all = { outcome: 'parked', breaks: ['waker'], ...expected } as const;
  return compareRun(all, RUN, EVENTS).map(({ path, expected, got }) => `${path}: ${expected} / ${got}`);
}

test('a run that is as expected has no mismatch', () => {
  expect(
    texts({
      direction: 'a -> b',
      counts: { aToB: 69, bToA: 0 },
      delivered: { aToB: 'GET', bToA: 0 },
      waits: [
        { direction: 'b -> a', half: 'write', waker: false },
        { direction: 'a -> b', half: 'read' },
      ],
      events: ['poll 1', 'a -> b  write  offered 3, reported 4'],
      never: ['b -> a'],
    }),
  ).toEqual([]);
});

test('each expectation that is not met is told with both', () => {
  expect(
    texts({
      outcome: 'spinning',
      direction: 'b -> a',
      code: 'WRITE_ZERO',
      counts: { aToB: 68 },
      delivered: { aToB: 'PUT', bToA: 3 },
    }),
  ).toEqual([
    'outcome: "spinning" / "parked"',
    'direction: "b -> a" / "a -> b"',
    'code: "WRITE_ZERO" / nothing',
    'counts.aToB: 68 / 69',
    'delivered.aToB: "PUT" / "GET"',
    'delivered.bToA: 3 / 0',
  ]);
});

test('a law that is broken unannounced, and one that should have been, are mismatches', () => {
  expect(texts({ breaks: [] })).toEqual(['breaks: no breach of waker / b -> a: Pending without a waker']);
  expect(texts({ breaks: ['waker', 'bounded'] })).toEqual(['breaks: a breach of bounded / none']);
});

test('all halves that wait are compared, and their wakers where that is expected', () => {
  expect(texts({ waits: [] })).toEqual(['waits: nothing / a -> b read, b -> a write without a waker']);
  expect(
    texts({
      waits: [
        { direction: 'a -> b', half: 'read' },
        { direction: 'b -> a', half: 'write', waker: true },
      ],
    }),
  ).toEqual(['waits: a -> b read, b -> a write / a -> b read, b -> a write without a waker']);
});

test('events come in order, each by the beginning of its line', () => {
  expect(texts({ events: ['a -> b write', 'a -> b read'] })).toEqual([
    'events[1]: "a -> b read" / no such event after "a -> b write offered 3, reported 4 (pos 0, cap 3)"',
  ]);
  expect(texts({ events: ['a -> b shut'] })).toEqual(['events[0]: "a -> b shut" / no such event after the beginning']);
  expect(texts({ never: ['b -> a', 'a -> b read'] })).toEqual([
    'never[1]: no event "a -> b read" / "a -> b read room 2048, got 3"',
  ]);
});
