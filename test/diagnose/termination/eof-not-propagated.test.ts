import { expect, test } from 'vitest';
import { eofNotPropagated } from '../../../src/diagnose/termination/eof-not-propagated.ts';
import { namesOf, Story } from './story.ts';

const FOUND = ['eof-not-propagated (a -> b), certain'];

/** Everything is written and flushed, and that was it. */
function leftOpen(): Story {
  return new Story().poll().read('a -> b', 68).write('a -> b', 68).read('a -> b', 0).flush('a -> b').waits('b -> a');
}

test('a direction that is called done without a shutdown has told nobody', () => {
  const done = new Story().poll().read('a -> b', 0).flush('a -> b').state('a -> b', 'done').waits('b -> a');
  const [finding] = done.findings(eofNotPropagated);
  expect(finding).toMatchObject({ class: 'eof-not-propagated', direction: 'a -> b', half: 'write', seq: 3 });
});

test('so has one that does not wait for its shutdown', () => {
  const story = new Story()
    .poll()
    .read('a -> b', 0)
    .flush('a -> b')
    .shutdown('a -> b', 'pending')
    .state('a -> b', 'done');
  expect(story.findings(eofNotPropagated)[0]?.meaning).toContain('though its shutdown was still Pending');
});

test('a direction that is left at its end without a shutdown is found where the copy is parked for good', () => {
  expect(namesOf(leftOpen().findings(eofNotPropagated, { outcome: 'parked', isForGood: true }))).toEqual(FOUND);
});

/** The verdict may be older than the end: its peer was closed after it, and the trace stops before the next call. */
test('one that was called parked may have come to its end since', () => {
  expect(leftOpen().findings(eofNotPropagated, { outcome: 'parked' })).toEqual([]);
  expect(namesOf(leftOpen().poll().findings(eofNotPropagated, { outcome: 'parked' }))).toEqual(FOUND);
});

test('in a trace that just stops, a later poll tells, or time', () => {
  expect(leftOpen().findings(eofNotPropagated)).toEqual([]);
  expect(namesOf(leftOpen().poll().findings(eofNotPropagated))).toEqual(FOUND);
  expect(leftOpen().findings(eofNotPropagated, { atMs: 9999 })).toEqual([]);
  expect(namesOf(leftOpen().findings(eofNotPropagated, { atMs: 10_000 }))).toEqual(FOUND);
});

test('of a copy that is complete it is found if the other direction is over, too: else both were dropped', () => {
  expect(leftOpen().findings(eofNotPropagated, { outcome: 'completed' })).toEqual([]);
  const both = leftOpen().ends('b -> a');
  expect(namesOf(both.findings(eofNotPropagated, { outcome: 'completed' }))).toEqual(FOUND);
});

test('who waits for a write, a flush or the shutdown has not left it at that', () => {
  const parked = { outcome: 'parked' } as const;
  const begun = (): Story => new Story().poll().read('a -> b', 68);
  const write = begun().write('a -> b', 68, 'pending').read('a -> b', 0);
  const flush = begun().write('a -> b', 68).read('a -> b', 0).flush('a -> b', 'pending');
  const shutdown = begun().write('a -> b', 68).read('a -> b', 0).flush('a -> b').shutdown('a -> b', 'pending');
  for (const story of [write, flush, shutdown]) expect(story.poll().findings(eofNotPropagated, parked)).toEqual([]);
});

test('what fails ends without passing anything on', () => {
  expect(leftOpen().findings(eofNotPropagated, { outcome: 'failed', code: 'ABORTED', atMs: 60_000 })).toEqual([]);
});

test('records that are missing may have had the shutdown', () => {
  expect(leftOpen().gap(1000).poll().findings(eofNotPropagated, { outcome: 'parked' })).toEqual([]);
});

/** The stream beneath was called for the bytes; what counts is what came from the first call of the shutdown on. */
test('a shutdown that calls nothing of the stream beneath is swallowed', () => {
  const sent = (): Story =>
    new Story()
      .poll()
      .read('a -> b', 68)
      .note('inner-write', 'a -> b', 'write', 68, 68)
      .write('a -> b', 68)
      .read('a -> b', 0);
  const swallowed = sent().shutdown('a -> b').state('a -> b', 'done').waits('b -> a');
  // A message that says its length may need no other end.
  expect(namesOf(swallowed.findings(eofNotPropagated, { outcome: 'parked' }))).toEqual([
    'eof-not-propagated (a -> b), likely',
  ]);
  const passed = sent().note('inner-shutdown', 'a -> b', 'write', 0).shutdown('a -> b').state('a -> b', 'done');
  const message = sent().note('inner-write', 'a -> b', 'write', 1, 1).shutdown('a -> b').state('a -> b', 'done');
  const later = sent()
    .shutdown('a -> b', 'pending')
    .note('inner-write', 'a -> b', 'write', 1, 1)
    .shutdown('a -> b')
    .state('a -> b', 'done');
  const told = sent().socket('a -> b', 'write', 'end-sent').shutdown('a -> b').state('a -> b', 'done');
  for (const story of [passed, message, later, told])
    expect(story.waits('b -> a').findings(eofNotPropagated, { outcome: 'parked' })).toEqual([]);
});
