import { expect, test } from 'vitest';
import { shutdownIsFullClose } from '../../../src/diagnose/termination/shutdown-is-full-close.ts';
import { namesOf, Story } from './story.ts';

/** b is called through an adapter, and a has ended. */
function shutDown(): Story {
  return new Story()
    .poll()
    .note('inner-read', 'b -> a', 'read', 'pending', 8192)
    .waits('b -> a')
    .read('a -> b', 68)
    .note('inner-write', 'a -> b', 'write', 68, 68)
    .note('ledger', 'a -> b', 'write', 68)
    .write('a -> b', 68)
    .read('a -> b', 0)
    .note('inner-shutdown', 'a -> b', 'write', 0)
    .shutdown('a -> b')
    .state('a -> b', 'done')
    .at(5)
    .poll();
}

/** An end may also be an empty message, which is no matter of the shutdown; that reading is told, too. */
test('a read that ends, or fails, after the shutdown, with nothing beneath having done so', () => {
  for (const n of [0, 'failed'] as const) {
    const [finding] = shutDown().read('b -> a', n).findings(shutdownIsFullClose);
    expect(finding).toMatchObject({
      class: 'shutdown-is-full-close',
      direction: 'b -> a',
      half: 'read',
      confidence: n === 0 ? 'likely' : 'certain',
      seq: 13,
    });
    expect(finding?.readings.map(({ class: name }) => name)).toEqual(n === 0 ? ['false-eof'] : []);
  }
});

/** A limit for how long a reader waits, in the adapter, has nothing to say beneath. */
test('a read that fails long after the shutdown has another reason', () => {
  expect(shutDown().at(1000).read('b -> a', 'failed').findings(shutdownIsFullClose)).toHaveLength(1);
  expect(shutDown().at(60_000).read('b -> a', 'failed').findings(shutdownIsFullClose)).toEqual([]);
});

test('a read that says what has happened beneath it is right', () => {
  const ended = shutDown().note('inner-read', 'b -> a', 'read', 0, 8192).read('b -> a', 0);
  const failed = shutDown().note('inner-read', 'b -> a', 'read', 'failed').read('b -> a', 'failed');
  for (const story of [ended, failed]) expect(story.findings(shutdownIsFullClose)).toEqual([]);
});

test('an end before any shutdown is none of its making', () => {
  const early = new Story().poll().note('inner-read', 'b -> a', 'read', 'pending').read('b -> a', 0);
  expect(early.findings(shutdownIsFullClose)).toEqual([]);
});

/** An end message of its own, as the tunnel has it, is bytes beneath and nothing above. */
test('an adapter that may have read its end among its own bytes is believed', () => {
  const message = new Story()
    .poll()
    .note('inner-read', 'b -> a', 'read', 303, 8192)
    .read('b -> a', 302)
    .ends('a -> b')
    .read('b -> a', 0);
  expect(message.findings(shutdownIsFullClose)).toEqual([]);
});

/** Sockets of one's own tell no calls beneath, but what has become of them. */
test('what closes with the shutdown, and not by its peer, was likely closed by it', () => {
  const socket = (state: 'closed' | 'failed' | 'ended', atMs: number): Story =>
    new Story()
      .poll()
      .waits('b -> a')
      .ends('a -> b')
      .socket('b -> a', 'read', state)
      .at(atMs)
      .poll()
      .read('b -> a', 'failed');
  expect(namesOf(socket('closed', 20).findings(shutdownIsFullClose))).toEqual([
    'shutdown-is-full-close (b -> a), likely',
  ]);
  expect(socket('closed', 1001).findings(shutdownIsFullClose)).toEqual([]);
  expect(socket('failed', 20).findings(shutdownIsFullClose)).toEqual([]);
  expect(socket('ended', 20).findings(shutdownIsFullClose)).toEqual([]);
});

test('records that are missing may have had the end beneath, unless the read waited after them', () => {
  const seen = (): Story =>
    new Story()
      .poll()
      .note('inner-write', 'a -> b', 'write', 68)
      .note('ledger', 'a -> b', 'write', 68)
      .write('a -> b', 68)
      .ends('a -> b');
  expect(seen().gap(1000).poll().read('b -> a', 0).findings(shutdownIsFullClose)).toEqual([]);
  expect(namesOf(seen().gap(1000).poll().waits('b -> a').read('b -> a', 0).findings(shutdownIsFullClose))).toEqual([
    'shutdown-is-full-close (b -> a), likely',
  ]);
});
