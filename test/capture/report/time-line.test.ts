import { expect, test } from 'vitest';
import { KeptEntries } from '../../../harness/capture/report/kept-entries.ts';
import type { TimeLineEntry } from '../../../harness/capture/report/time-line-entry.ts';
import { TimeLine, type TimeLineEvent } from '../../../harness/capture/report/time-line.ts';

function event(atMs: number, parts: Partial<TimeLineEvent> = {}): TimeLineEvent {
  return {
    kind: 'message',
    direction: 0,
    atMs,
    offset: atMs,
    packet: 1,
    what: 'text',
    bytes: 7,
    begins: null,
    ...parts,
  };
}

function told(events: readonly TimeLineEvent[], endMs: number | null = null, joinsMessages = true): string[] {
  const entries: TimeLineEntry[] = [];
  const line = new TimeLine({ joinsMessages, onEntry: (entry) => entries.push(entry) });
  for (const one of events) line.add(one);
  line.end(endMs);
  return entries.map(
    ({ kind, what, count, bytes, atMs, untilMs }) => `${kind} ${what} ${count} ${bytes} ${atMs}-${untilMs}`,
  );
}

test('messages of a kind that follow one another are one entry, if that is asked for', () => {
  const events = [event(1), event(40), event(90, { what: 'binary' }), event(91, { direction: 1 }), event(92)];
  expect(told(events)).toEqual([
    'message text 2 14 1-40',
    'message binary 1 7 90-90',
    'message text 1 7 91-91',
    'message text 1 7 92-92',
  ]);
  expect(told(events, null, false)).toHaveLength(5);
});

test('pieces of plain data always are', () => {
  const pieces = [event(1, { kind: 'data' }), event(2, { kind: 'data' })];
  expect(told(pieces, null, false)).toEqual(['data text 2 14 1-2']);
});

test('what comes further apart, or shows how it begins, is told one by one', () => {
  expect(told([event(1), event(52)])).toHaveLength(2);
  expect(told([event(1, { begins: 'a' }), event(2, { begins: 'b' })])).toHaveLength(2);
});

test('silence is told between events, and up to the end if there is one', () => {
  expect(told([event(0), event(199), event(399)], 1000)).toEqual([
    'message text 1 7 0-0',
    'message text 1 7 199-199',
    'pause pause 1 0 199-399',
    'message text 1 7 399-399',
    'pause pause 1 0 399-1000',
  ]);
  expect(told([event(0)], 100)).toHaveLength(1);
  expect(told([], 1000)).toEqual([]);
});

test('a message seen closer takes the place of what it was first, also as one of several', () => {
  const entries: TimeLineEntry[] = [];
  const line = new TimeLine({ joinsMessages: true, onEntry: (entry) => entries.push(entry) });
  for (const atMs of [1, 2]) {
    line.add(event(atMs, { what: 'binary' }));
    line.refine({ direction: 0, offset: atMs, what: 'tunnel data', bytes: 6, begins: null });
    // Not what came before.
    line.refine({ direction: 1, offset: atMs, what: 'wrong', bytes: 0, begins: null });
  }
  line.end(null);
  expect(entries).toMatchObject([{ what: 'tunnel data', count: 2, bytes: 12 }]);
});

test('of a line of any length the beginning and the end are kept', () => {
  const kept = new KeptEntries(2, 3);
  const entry = (atMs: number): TimeLineEntry => ({ ...event(atMs), untilMs: atMs, count: 1 });
  for (let atMs = 0; atMs < 5; atMs += 1) kept.add(entry(atMs));
  expect(kept.leftOut).toBe(0);
  for (let atMs = 5; atMs < 10; atMs += 1) kept.add(entry(atMs));
  expect(kept.first.map(({ atMs }) => atMs)).toEqual([0, 1]);
  expect(kept.latest().map(({ atMs }) => atMs)).toEqual([7, 8, 9]);
  expect(kept.leftOut).toBe(5);
});
