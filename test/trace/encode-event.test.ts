import { expect, test } from 'vitest';
import { PENDING } from '../../src/poll/pending.ts';
import { decodeRecords } from '../../src/trace/decode-records.ts';
import { encodeEvent } from '../../src/trace/encode-event.ts';
import { Flag, Kind } from '../../src/trace/event-kind.ts';
import { readRing } from '../../src/trace/read-ring.ts';
import { copyRecords } from '../../src/trace/ring-memory.ts';
import { Recorder } from '../../src/trace/recorder.ts';

const clock = { nowMs: () => 5_000_000.25, after: () => () => undefined };

/** One of everything that a recorder writes. */
function recorded(): Recorder {
  const recorder = new Recorder({ clock });
  recorder.poll(1);
  recorder.event(Kind.READ | Flag.CHUNK, 1, 0, 0, 68, 2048);
  recorder.event(Kind.WRITE | Flag.B_TO_A | Flag.NEED_FLUSH, 1, 0, 68, PENDING, 68);
  recorder.event(Kind.FLUSH | Flag.FAILED | Flag.READ_DONE, 1, 0, 68, 0, 0);
  recorder.event(Kind.SHUTDOWN | (2 << Flag.STATE_SHIFT), 1, 0, 68, 0, 0);
  recorder.event(Kind.REGISTER | Flag.WRITE_HALF | Flag.B_TO_A, 1, 0, 0, 0, 0);
  for (const value of [Number.NaN, 2 ** 40, '68', null, undefined, true]) {
    recorder.event(Kind.WRITE, 1, 0, 68, value as number, 68);
  }
  recorder.event(Kind.STATE, 1, 2 ** 33, 2 ** 34, 2 ** 35, 0);
  for (let i = 0; i < 5; i += 1) recorder.loop(0, 1, 69, 68);
  return recorder;
}

test('an event is encoded into the words that it was decoded from', () => {
  const { buffer } = recorded();
  const events = readRing(buffer);
  const [last] = events.slice(-1);
  expect(last).toMatchObject({ kind: 'loop', seq: 22, repeat: 4 });
  const words = copyRecords(new Int32Array(buffer), 0, 23);
  expect(decodeRecords(words, 0)).toEqual(events);
  expect(events.flatMap((event) => [...encodeEvent(event)])).toEqual([...words]);
});

test('an extension whose own record is missing belongs to nothing', () => {
  const words = copyRecords(new Int32Array(recorded().buffer), 7, 9);
  expect(decodeRecords(words, 7)).toMatchObject([{ kind: 'write', seq: 8 }]);
});
