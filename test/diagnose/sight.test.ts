import { expect, test } from 'vitest';
import { classInfoOf } from '../../src/diagnose/class-info-of.ts';
import { FINDING_CLASSES } from '../../src/diagnose/finding-class.ts';
import { unjudgedClasses } from '../../src/diagnose/sight.ts';
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
