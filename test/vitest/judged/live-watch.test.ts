import { expect, test } from 'vitest';
import { PENDING } from '../../../src/poll/pending.ts';
import { Kind } from '../../../src/trace/event-kind.ts';
import { Recorder } from '../../../src/trace/recorder.ts';
import { LiveWatch } from '../../../harness/vitest/judged/live-watch.ts';

const LIMIT_MS = 100;

/** A copy that has sent five bytes, and reads. */
function reading(recorder: Recorder): number {
  const connection = recorder.openConnection();
  recorder.poll(connection);
  recorder.event(Kind.WRITE, connection, 0, 5, 5, 5);
  recorder.event(Kind.READ, connection, 0, 0, PENDING, 2048);
  return connection;
}

function watched(recorder: Recorder, only: number | null = null): LiveWatch {
  return new LiveWatch(recorder, LIMIT_MS, only);
}

test('a loop that goes round in another thread, and does nothing else, spins', () => {
  const recorder = new Recorder();
  const connection = reading(recorder);
  const watch = watched(recorder);
  const told: (string | undefined)[] = [];
  for (let nowMs = 0; nowMs <= 160; nowMs += 20) {
    for (let round = 0; round < 9; round += 1) recorder.loop(0, connection, 69, 68);
    watch.look(nowMs);
    told.push(watch.verdict?.outcome);
  }
  // The first look does not know yet that it goes round; the limit is counted from the second.
  expect(told.indexOf('spinning')).toBe(6);
  expect(watch.verdict).toMatchObject({ outcome: 'spinning', direction: 'a -> b', connection, loop: 'synchronous' });
  expect(watch.verdict?.rounds).toBeGreaterThan(40);
});

test('a loop between calls does not', () => {
  const recorder = new Recorder();
  const connection = reading(recorder);
  const watch = watched(recorder);
  for (let nowMs = 0; nowMs <= 400; nowMs += 20) {
    for (let round = 0; round < 9; round += 1) recorder.loop(0, connection, 5, 5);
    recorder.event(Kind.WRITE, connection, 0, 5, 5, 5);
    watch.look(nowMs);
  }
  expect(watch.verdict).toBeNull();
});

test('a half without a waker is parked once nothing has polled for the limit, and no longer once bytes move', () => {
  const recorder = new Recorder();
  const connection = reading(recorder);
  const watch = watched(recorder);
  for (let nowMs = 0; nowMs <= 80; nowMs += 20) watch.look(nowMs);
  expect(watch.verdict).toBeNull();
  watch.look(100);
  expect(watch.verdict).toMatchObject({ outcome: 'parked', connection, direction: 'a -> b', half: 'read' });
  recorder.poll(connection);
  recorder.event(Kind.WRITE, connection, 0, 5, 5, 5);
  recorder.event(Kind.REGISTER, connection, 0, 0, 0, 0);
  watch.look(120);
  expect(watch.verdict).toBeNull();
});

test('a look that comes late is held against nobody', () => {
  const recorder = new Recorder();
  reading(recorder);
  const watch = watched(recorder);
  watch.look(0);
  watch.look(5000);
  expect(watch.verdict).toBeNull();
  expect(watch.quietMs).toBeLessThan(LIMIT_MS);
  for (let nowMs = 5020; nowMs <= 5100; nowMs += 20) watch.look(nowMs);
  expect(watch.verdict).toMatchObject({ outcome: 'parked' });
});

test('only the connection that was asked for is told', () => {
  const recorder = new Recorder();
  const connection = reading(recorder);
  const [own, other] = [watched(recorder, connection), watched(recorder, connection + 1)];
  for (let nowMs = 0; nowMs <= 160; nowMs += 20) for (const watch of [own, other]) watch.look(nowMs);
  expect(own.verdict).toMatchObject({ connection });
  expect(other.verdict).toBeNull();
});

test('a connection that is over is not stuck, though its last record says that it waits', () => {
  const recorder = new Recorder();
  const [before, later] = [reading(recorder), reading(recorder)];
  recorder.closeConnection(before, { end: 'ABORTED' });
  const watch = watched(recorder);
  watch.look(0);
  recorder.closeConnection(later, { end: 'ABORTED' });
  for (let nowMs = 20; nowMs <= 160; nowMs += 20) watch.look(nowMs);
  expect(watch.verdict).toBeNull();
});
