import { expect, test } from 'vitest';
import { halfCloseLinger } from '../../../src/diagnose/termination/half-close-linger.ts';
import { namesOf, Story } from './story.ts';

/** a has said what it had and ended; b says nothing. */
function halfClosed(): Story {
  return new Story().poll().read('a -> b', 68).write('a -> b', 68).ends('a -> b').waits('b -> a');
}

const MINUTE_MS = 60_000;

test('a half-closed connection that nobody has called stuck may wait for ten minutes', () => {
  expect(halfClosed().findings(halfCloseLinger, { atMs: 10 * MINUTE_MS - 1 })).toEqual([]);
  const [finding] = halfClosed().findings(halfCloseLinger, { atMs: 10 * MINUTE_MS });
  expect(finding).toMatchObject({
    class: 'half-close-linger',
    direction: 'b -> a',
    confidence: 'likely',
    evidence: { numbers: { silentMs: 600_000, doneBytes: 68, idleBytes: 0 } },
    readings: [{ class: 'dead-peer' }],
  });
});

test('one that somebody has called stuck is one after a minute', () => {
  expect(halfClosed().findings(halfCloseLinger, { outcome: 'parked', atMs: MINUTE_MS - 1 })).toEqual([]);
  expect(namesOf(halfClosed().findings(halfCloseLinger, { outcome: 'parked', atMs: MINUTE_MS }))).toEqual([
    'half-close-linger (b -> a), likely',
  ]);
});

test('every byte begins the wait anew', () => {
  const download = halfClosed().at(500_000).poll().read('b -> a', 10).write('b -> a', 10).waits('b -> a');
  expect(download.findings(halfCloseLinger, { atMs: 1_099_999 })).toEqual([]);
  expect(namesOf(download.findings(halfCloseLinger, { atMs: 1_100_000 }))).toEqual([
    'half-close-linger (b -> a), likely',
  ]);
});

test('a copy that has ended, however it did, does not linger', () => {
  const ended = { atMs: 100 * MINUTE_MS } as const;
  expect(halfClosed().findings(halfCloseLinger, { ...ended, outcome: 'completed' })).toEqual([]);
  expect(halfClosed().findings(halfCloseLinger, { ...ended, outcome: 'failed', code: 'HALF_CLOSE_TIMEOUT' })).toEqual(
    [],
  );
});

test('an idle connection of which neither side has ended does not linger', () => {
  const idle = new Story().poll().read('a -> b', 68).write('a -> b', 68).waits('a -> b').waits('b -> a');
  expect(idle.findings(halfCloseLinger, { atMs: 1000 * MINUTE_MS })).toEqual([]);
  expect(idle.findings(halfCloseLinger, { outcome: 'parked', isForGood: true })).toEqual([]);
});

test('where nothing can ever come, no time has to pass', () => {
  expect(namesOf(halfClosed().findings(halfCloseLinger, { outcome: 'parked', isForGood: true }))).toEqual([
    'half-close-linger (b -> a), certain',
  ]);
});

/** Each of these is another class, and its consequence is no finding of this one. */
test('a silence that has another cause is not called a linger', () => {
  const forGood = { outcome: 'parked', isForGood: true } as const;
  const readable = halfClosed().socket('b -> a', 'read', 'readable', 302);
  const held = halfClosed().note('queue', 'b -> a', 'read', 302);
  const dropped = new Story().poll().read('a -> b', 68).write('a -> b', 68).note('ledger', 'a -> b', 'write', 60);
  const invented = new Story().poll().note('inner-read', 'a -> b', 'read', 'pending').ends('a -> b').waits('b -> a');
  const unwoken = new Story().poll().read('a -> b', 68).write('a -> b', 68).ends('a -> b').read('b -> a', 'pending');
  for (const story of [readable, held, dropped.ends('a -> b').waits('b -> a'), invented, unwoken])
    expect(story.findings(halfCloseLinger, forGood)).toEqual([]);
});

test('an end beneath that the reader was not told of is one, if a read came after it and nothing is at work any more', () => {
  const untold = halfClosed().socket('b -> a', 'read', 'ended');
  expect(untold.findings(halfCloseLinger)).toEqual([]);
  const waiting = untold.waits('b -> a');
  expect(waiting.findings(halfCloseLinger, { atMs: 999 })).toEqual([]);
  const [finding] = waiting.findings(halfCloseLinger, { atMs: 1000 });
  expect(finding).toMatchObject({ class: 'half-close-linger', direction: 'b -> a', confidence: 'certain', seq: 10 });
});

test('of streams that push, which never wait in a call, the silence is enough', () => {
  const pushed = (): Story =>
    new Story().read('a -> b', 68).write('a -> b', 68).ends('a -> b').read('b -> a', 5).write('b -> a', 5);
  const silent = { atMs: 20 * MINUTE_MS } as const;
  expect(namesOf(pushed().findings(halfCloseLinger, silent, { sight: 'streams' }))).toEqual([
    'half-close-linger (b -> a), likely',
  ]);
  expect(pushed().findings(halfCloseLinger, silent)).toEqual([]);
  expect(pushed().read('b -> a', 0).findings(halfCloseLinger, silent, { sight: 'streams' })).toEqual([]);
});
