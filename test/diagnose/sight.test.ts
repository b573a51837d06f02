import { expect, test } from 'vitest';
import { Diagnosis } from '../../src/diagnose/diagnosis.ts';
import { classInfoOf } from '../../src/diagnose/class-info-of.ts';
import { FINDING_CLASSES } from '../../src/diagnose/finding-class.ts';
import { unjudgedClasses } from '../../src/diagnose/sight.ts';
import { UNSEEN_CLASSES, type Sight } from '../../src/diagnose/unseen-classes.ts';
import { EVENT_KINDS, type EventKind } from '../../src/trace/event-kind.ts';

function bits(...kinds: EventKind[]): number {
  return kinds.reduce((sum, kind) => sum | (1 << EVENT_KINDS.indexOf(kind)), 0);
}

function namesOf(kinds: number): string[] {
  return unjudgedClasses(kinds).map((one) => one.class);
}

test('a trace of all kinds of event can be judged for every class', () => {
  expect(namesOf(bits(...EVENT_KINDS))).toEqual([]);
});

test('printed iterations show one class, and no events none', () => {
  const others = FINDING_CLASSES.filter((name) => name !== 'over-report-spin');
  expect(namesOf(bits('loop', 'poll'))).toEqual(others);
  expect(namesOf(bits('poll'))).toEqual(FINDING_CLASSES);
});

test('the calls of a copy show each class that needs nothing else, and of the others what is missing is said', () => {
  const judged = FINDING_CLASSES.filter((name) => classInfoOf(name).needs.length === 0);
  const unjudged = unjudgedClasses(bits('poll', 'read', 'write', 'flush', 'shutdown', 'loop', 'state'));
  expect(unjudged.filter((one) => judged.includes(one.class))).toEqual([]);
  for (const one of unjudged) expect(classInfoOf(one.class).needs).toEqual(expect.arrayContaining([...one.missing]));
});

test('what no connection could show is not judged, whatever kinds of event there are', () => {
  const all = bits(...EVENT_KINDS);
  const unseen = (...sights: Sight[]): string[] => unjudgedClasses(all, new Set(sights)).map((one) => one.class);
  expect(unseen('all')).toEqual([]);
  expect(unseen('streams')).toEqual(Object.keys(UNSEEN_CLASSES.streams));
  expect(unseen('streams', 'all')).toEqual([]);
  expect(unseen('streams', 'calls')).not.toContain('zero-write');
  expect(unseen('streams', 'calls')).toContain('self-wake-storm');
  expect(unjudgedClasses(all, new Set(['streams'])).find((one) => one.class === 'zero-write')).toEqual({
    class: 'zero-write',
    missing: [],
    why: 'a write returns no count',
  });
});

test('how much is seen is told of the connections that have events', () => {
  const diagnosis = new Diagnosis();
  const event = { kind: 'read', tickMs: 0, direction: 'a -> b', n: 1, offered: 1 } as const;
  diagnosis.item({ kind: 'connection', note: { connection: 1, sight: 'streams' } });
  diagnosis.item({ kind: 'connection', note: { connection: 2 } });
  diagnosis.event({ seq: 0, connection: 1, ...event });
  expect([...diagnosis.sights]).toEqual(['streams']);
  diagnosis.event({ seq: 1, connection: 3, ...event });
  expect([...diagnosis.sights]).toEqual(['streams', 'all']);
});
