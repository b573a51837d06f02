import { expect, test } from 'vitest';
import { copyBidirectional } from '../../src/copy/copy-bidirectional.ts';
import { CopyError } from '../../src/copy/copy-error.ts';
import type { Detector } from '../../src/diagnose/detector.ts';
import { Diagnosis } from '../../src/diagnose/diagnosis.ts';
import { LiveDiagnosis } from '../../src/diagnose/live-diagnosis.ts';
import { PENDING } from '../../src/poll/pending.ts';
import { Kind } from '../../src/trace/event-kind.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import { ringItems } from '../../src/trace/ring-snapshot.ts';
import { plainStream } from '../copy/plain-stream.ts';

/** As many turns of the event loop as a copy needs to come to rest. */
async function rest(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

function following(recorder: Recorder): { readonly live: LiveDiagnosis; readonly told: string[] } {
  const told: string[] = [];
  const live = new LiveDiagnosis(recorder, {
    onReport: (connection, { class: name, direction, seq }) => {
      told.push(`${connection}: ${name} ${direction}, event ${seq}`);
    },
  });
  return { live, told };
}

/** Gives one byte at each turn, so many in all, then its end; as a wake each time. */
function drip(bytes: number): ReturnType<typeof plainStream> {
  let left = bytes;
  let isReady = false;
  return plainStream({
    pollRead(cx) {
      if (left === 0) return 0;
      if (isReady) {
        isReady = false;
        left -= 1;
        return 1;
      }
      const waker = cx.register();
      setImmediate(() => {
        isReady = true;
        waker.wake();
      });
      return PENDING;
    },
  });
}

test('what shows in the middle of a copy is told then, once, and is the same in the end', async () => {
  const recorder = new Recorder();
  const { live, told } = following(recorder);
  let writes = 0;
  // The story's adapter, now and then, in a release in which the copy goes on all the same.
  const liar = plainStream({
    pollRead: () => 0,
    pollWrite: (_cx, _bytes, start, end) => end - start + ((writes += 1) % 10 === 5 ? 1 : 0),
  });
  const copied = copyBidirectional(drip(60), liar, { recorder, dialect: 'tokio-1.53.1' });
  const before: number[] = [];
  for (let turn = 0; turn < 100; turn += 1) {
    live.poll();
    before.push(told.length);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await copied;
  expect(before.filter((count) => count === 0).length).toBeGreaterThan(5);
  expect(before.filter((count) => count === 1).length).toBeGreaterThan(5);
  const [found, ...more] = live.end();
  expect(told).toEqual([`1: over-report-masked a -> b, event ${found?.seq}`]);
  expect([found?.class, found?.more, more]).toEqual(['over-report-masked', 5, []]);
});

/** Its latest poll is provisional, and nothing comes after it: to wait for more would be to wait with it. */
test('a copy that stands still for good is told of while it does', async () => {
  const recorder = new Recorder();
  const { live, told } = following(recorder);
  const forgetful = plainStream({ pollWrite: () => PENDING });
  const stop = new AbortController();
  let asked = 0;
  const source = plainStream({ pollRead: () => ((asked += 1) === 1 ? 10 : PENDING) });
  const copied = copyBidirectional(source, forgetful, { recorder, signal: stop.signal });
  const ended = copied.catch((error: unknown) => error);
  await rest();
  live.poll();
  expect(told).toEqual([]);
  live.poll();
  expect(told.map((line) => line.replace(/, event \d+$/, ''))).toContain('1: pending-without-waker a -> b');
  const count = told.length;
  live.poll();
  expect(told).toHaveLength(count);
  stop.abort();
  expect(await ended).toBeInstanceOf(CopyError);
  live.end();
});

/** The numbers of the events that a detector sees, each with how often its poll stands. */
function noting(): { readonly detector: Detector; readonly seen: string[] } {
  const seen: string[] = [];
  const detector: Detector = {
    classes: [],
    kinds: [Kind.POLL, Kind.READ],
    open: () => ({
      onEvent: ({ seq, kind, repeat }) => {
        seen.push(`${kind} ${seq} ${repeat}`);
      },
    }),
  };
  return { detector, seen };
}

test('it sees each event once and whole, though polls that go round are taken back and counted meanwhile', async () => {
  const recorder = new Recorder();
  const [first, second] = [noting(), noting()];
  const live = new LiveDiagnosis(recorder, { detectors: [first.detector] });
  const stop = new AbortController();
  // Wakes itself for nothing, each time but every fiftieth: the polls between are counted together.
  let polls = 0;
  const restless = plainStream({
    pollRead(cx) {
      polls += 1;
      if (polls % 50 === 0) return 1;
      cx.register().wake();
      return PENDING;
    },
  });
  const copied = copyBidirectional(plainStream(), restless, { recorder, signal: stop.signal });
  const ended = copied.catch((error: unknown) => error);
  for (let turn = 0; turn < 200; turn += 1) {
    live.poll();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const isBusy = first.seen.length;
  stop.abort();
  expect(await ended).toBeInstanceOf(CopyError);
  live.end();
  const whole = new Diagnosis({ detectors: [second.detector] });
  for (const item of ringItems(recorder.buffer)) whole.item(item);
  whole.end();
  expect(first.seen).toEqual(second.seen);
  expect(polls).toBeGreaterThan(100);
  expect(isBusy).toBeGreaterThan(5);
});

test('what is found of a connection that has closed does not wait for others to go on', async () => {
  const recorder = new Recorder();
  const { live } = following(recorder);
  const liar = plainStream({ pollRead: () => 0, pollWrite: (_cx, _bytes, start, end) => end - start + 1 });
  await expect(copyBidirectional(drip(3), liar, { recorder })).rejects.toThrow('Wrong count');
  live.poll();
  live.poll();
  await expect.poll(() => (live.poll(), live.findings().map((found) => found.class))).toEqual(['over-report-spin']);
  live.end();
});
