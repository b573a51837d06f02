import { expect, test } from 'vitest';
import { deadPeer } from '../../../src/diagnose/termination/dead-peer.ts';
import { namesOf, Story } from './story.ts';

const FOUND = ['dead-peer (b -> a), likely'];

function asked(...ticksMs: readonly number[]): Story {
  const story = new Story().poll().read('a -> b', 68).write('a -> b', 68).waits('a -> b').waits('b -> a');
  for (const tickMs of ticksMs) story.at(tickMs).poll().socket('b -> a', 'read', 'asked').waits('b -> a');
  return story;
}

test('a peer that was asked twice and has said nothing for ten seconds', () => {
  expect(asked(5000, 10_000).findings(deadPeer, { atMs: 14_999 })).toEqual([]);
  const [finding] = asked(5000, 10_000).findings(deadPeer, { atMs: 15_000 });
  expect(finding).toMatchObject({
    class: 'dead-peer',
    direction: 'b -> a',
    confidence: 'likely',
    evidence: { numbers: { asks: 2, silentMs: 10_000 } },
    readings: [{ class: 'control-frame-coupling' }],
  });
});

test('one that was asked once has a minute', () => {
  expect(asked(5000).findings(deadPeer, { atMs: 64_999 })).toEqual([]);
  expect(namesOf(asked(5000).findings(deadPeer, { atMs: 65_000 }))).toEqual(FOUND);
});

test('an answer, a byte, an end or a failure is a sign of life', () => {
  const late = { atMs: 3_600_000 } as const;
  for (const state of ['answered', 'ended', 'closed', 'failed'] as const)
    expect(asked(5000, 10_000).socket('b -> a', 'read', state).findings(deadPeer, late)).toEqual([]);
  expect(asked(5000, 10_000).read('b -> a', 1).findings(deadPeer, late)).toEqual([]);
  expect(asked(5000, 10_000).read('b -> a', 0).findings(deadPeer, late)).toEqual([]);
});

test('questions before a sign of life are not held against who is asked again', () => {
  const story = asked(5000, 10_000)
    .read('b -> a', 1)
    .waits('b -> a')
    .at(20_000)
    .poll()
    .socket('b -> a', 'read', 'asked');
  expect(story.findings(deadPeer, { atMs: 30_000 })).toEqual([]);
  expect(namesOf(story.findings(deadPeer, { atMs: 80_000 }))).toEqual(FOUND);
});

test('nobody who was not asked is dead, however long nothing comes', () => {
  expect(asked().findings(deadPeer, { atMs: 86_400_000 })).toEqual([]);
  expect(asked().findings(deadPeer, { outcome: 'parked', isForGood: true, atMs: 86_400_000 })).toEqual([]);
});

/** That is what another class is about: a shutdown that waits for its peer. */
test('a Close that wants its answer is no such question', () => {
  const closing = new Story().poll().read('a -> b', 0).flush('a -> b').state('a -> b', 'shutting-down');
  const waiting = closing.socket('a -> b', 'write', 'asked').shutdown('a -> b', 'pending').waits('b -> a');
  expect(waiting.findings(deadPeer, { atMs: 3_600_000 })).toEqual([]);
});

test('a copy that has ended has noticed', () => {
  for (const outcome of ['completed', 'failed'] as const)
    expect(asked(5000, 10_000).findings(deadPeer, { outcome, atMs: 3_600_000 })).toEqual([]);
});

/** As a reader does, too, that has paused: so it takes long, and says no more than that it may be. */
function blocked(): Story {
  return new Story()
    .poll()
    .waits('b -> a')
    .read('a -> b', 302)
    .note('queue', 'a -> b', 'write', 262_144, 262_144)
    .write('a -> b', 302, 'pending');
}

test('bytes that nobody has taken for ten minutes may wait for a peer that is gone', () => {
  expect(blocked().findings(deadPeer, { atMs: 599_999 })).toEqual([]);
  expect(namesOf(blocked().findings(deadPeer, { atMs: 600_000 }))).toEqual(['dead-peer (a -> b), possible']);
  expect(namesOf(blocked().findings(deadPeer, { outcome: 'parked', atMs: 60_000 }))).toEqual([
    'dead-peer (a -> b), possible',
  ]);
});

test('a queue that becomes shorter, or a byte that comes back, begins the wait anew', () => {
  const shorter = blocked()
    .at(300_000)
    .poll()
    .note('queue', 'a -> b', 'write', 200_000, 262_144)
    .write('a -> b', 302, 'pending');
  expect(shorter.findings(deadPeer, { atMs: 899_999 })).toEqual([]);
  expect(shorter.findings(deadPeer, { atMs: 900_000 })).toHaveLength(1);
  const back = blocked().at(300_000).poll().read('b -> a', 1).write('b -> a', 1).waits('b -> a');
  expect(back.findings(deadPeer, { atMs: 899_999 })).toEqual([]);
});

test('two writers that block each other are another class', () => {
  const both = blocked()
    .read('b -> a', 302)
    .note('queue', 'b -> a', 'write', 262_144, 262_144)
    .write('b -> a', 302, 'pending');
  expect(both.findings(deadPeer, { atMs: 3_600_000 })).toEqual([]);
});
