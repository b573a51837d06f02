import { expect, test } from 'vitest';
import type { ConnectionPicture } from '../../src/diagnose/connection-picture.ts';
import type { Detector, Ending } from '../../src/diagnose/detector.ts';
import { Diagnosis } from '../../src/diagnose/diagnosis.ts';
import { Kind } from '../../src/trace/event-kind.ts';
import type { TraceEvent } from '../../src/trace/trace-event.ts';

/** What one detector was shown: `1: event 0`, `1: ended completed at 20`. */
function watching(): { readonly diagnosis: Diagnosis; readonly seen: string[] } {
  const seen: string[] = [];
  const detector: Detector = {
    classes: [],
    kinds: [Kind.READ],
    open: (picture) => ({
      onEvent: ({ seq }) => {
        seen.push(`${picture.connection}: event ${seq}${gapOf(picture)}`);
      },
      onEnd: ({ outcome, atMs }: Ending) => {
        seen.push(`${picture.connection}: ended ${outcome} at ${atMs}${gapOf(picture)}`);
      },
    }),
  };
  return { diagnosis: new Diagnosis({ detectors: [detector] }), seen };
}

function gapOf({ gapSeq }: ConnectionPicture): string {
  return gapSeq === -1 ? '' : `, gap before ${gapSeq}`;
}

function read(seq: number, connection: number, tickMs: number): TraceEvent {
  const place = { pos: 0, cap: 0, read_done: false, need_flush: false, state: 'running' } as const;
  return { seq, kind: 'read', connection, tickMs, direction: 'a -> b', ...place, n: 1, offered: 2048 };
}

/** A trace that is written only once something is stuck begins with all notes; and a note overtakes the records of its connection. */
test('a connection ends after its last event, wherever the note of its end stands', () => {
  const { diagnosis, seen } = watching();
  diagnosis.item({ kind: 'connection', note: { connection: 1, openedMs: 0, closedMs: 20, end: 'completed' } });
  diagnosis.event(read(0, 1, 10));
  diagnosis.event(read(1, 2, 15));
  diagnosis.event(read(2, 1, 20));
  diagnosis.end();
  expect(seen).toEqual(['1: event 0', '2: event 1', '1: event 2', '1: ended completed at 20', '2: ended open at 15']);
});

test('a connection that has closed is over when the records have come well past it, and what comes later is no other', () => {
  const { diagnosis, seen } = watching();
  diagnosis.event(read(0, 1, 10));
  diagnosis.item({ kind: 'connection', note: { connection: 1, closedMs: 20, end: 'WRITE_ZERO' } });
  diagnosis.event(read(1, 2, 1500));
  expect(seen).toEqual(['1: event 0', '2: event 1', '1: ended failed at 20']);
  diagnosis.event(read(2, 1, 1600));
  diagnosis.end();
  expect(seen.slice(3)).toEqual(['2: ended open at 1500']);
});

test('a number that is opened again is another connection', () => {
  const { diagnosis, seen } = watching();
  diagnosis.event(read(0, 1, 10));
  diagnosis.item({ kind: 'connection', note: { connection: 1, closedMs: 20, end: 'completed' } });
  diagnosis.event(read(1, 2, 1500));
  diagnosis.item({ kind: 'connection', note: { connection: 1, openedMs: 1600 } });
  diagnosis.event(read(2, 1, 1600));
  expect(seen.at(-1)).toBe('1: event 2');
});

/** A clock that is not running tells no before and after. */
test('a trace that begins late has a gap for all that it has begun before, at whatever time', () => {
  const { diagnosis, seen } = watching();
  diagnosis.item({ kind: 'connection', note: { connection: 2, openedMs: 0 } });
  diagnosis.event(read(100, 1, 0));
  diagnosis.event(read(101, 2, 0));
  expect(seen).toEqual(['1: event 100, gap before 100', '2: event 101, gap before 101']);
});

/** Else what it did before would be held against it: bytes written that nobody has read. */
test('where records are missing, a connection that shows only then has a gap, and one that opens then has none', () => {
  const { diagnosis, seen } = watching();
  diagnosis.event(read(0, 1, 10));
  diagnosis.event(read(100, 1, 500));
  diagnosis.event(read(101, 2, 500));
  diagnosis.item({ kind: 'connection', note: { connection: 3, openedMs: 501 } });
  diagnosis.event(read(102, 3, 502));
  expect(seen).toEqual(['1: event 0', '1: event 100, gap before 100', '2: event 101, gap before 101', '3: event 102']);
});

test('a connection that is silent from a gap on has it at its end, and one that has opened since has the next one', () => {
  const { diagnosis, seen } = watching();
  diagnosis.event(read(0, 1, 10));
  diagnosis.item({ kind: 'connection', note: { connection: 2, openedMs: 501 } });
  diagnosis.event(read(100, 3, 500));
  diagnosis.event(read(101, 2, 502));
  diagnosis.event(read(200, 2, 503));
  diagnosis.end();
  expect(seen).toEqual([
    '1: event 0',
    '3: event 100, gap before 100',
    '2: event 101',
    '2: event 200, gap before 200',
    '1: ended open at 10, gap before 200',
    '3: ended open at 500, gap before 200',
    '2: ended open at 503, gap before 200',
  ]);
});

/** A write of either direction of 12,000 connections has said that it took nothing. */
test('of more findings than there is room for, the rest is counted', () => {
  const told: number[] = [];
  const diagnosis = new Diagnosis({ onReport: (connection) => told.push(connection) });
  for (let seq = 0; seq < 24_000; seq += 1) {
    const place = { pos: 0, cap: 5, n: 0, offered: 5, direction: seq % 2 === 0 ? 'a -> b' : 'b -> a' } as const;
    diagnosis.event({ seq, kind: 'write', connection: Math.floor(seq / 2), tickMs: 0, ...place });
  }
  diagnosis.end();
  expect([diagnosis.findings().length, diagnosis.unkept, told.length]).toEqual([20_000, 4000, 20_000]);
});

test('of more connections at once than are looked at together, the oldest are given up, and counted', () => {
  const { diagnosis, seen } = watching();
  for (let seq = 0; seq < 16_385; seq += 1) diagnosis.event(read(seq, seq, 10));
  expect(diagnosis.forgotten).toBeGreaterThan(0);
  expect(seen).toContain('0: ended open at 10');
  const { forgotten } = diagnosis;
  const { length } = seen;
  diagnosis.event(read(16_385, 0, 20));
  expect(seen).toHaveLength(length);
  expect(diagnosis.forgotten).toBe(forgotten);
});
