import { expect, onTestFinished, test } from 'vitest';
import type { Clock } from '../../src/poll/clock.ts';
import { Kind } from '../../src/trace/event-kind.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import type { Verdict } from '../../src/trace/trace-note.ts';
import { makePulse, Pulse } from '../../src/watch/pulse.ts';
import type { ThreadTimes } from '../../src/watch/thread-state.ts';
import type { WatchedThread } from '../../src/watch/watched-thread.ts';
import { Watchdog } from '../../src/watch/watchdog.ts';

/** A clock that a test moves; its timers fire in order, each once, however late. */
class ManualClock implements Clock {
  #nowMs = 0;
  #timers: { atMs: number; callback: () => void }[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { atMs: this.#nowMs + delayMs, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  advance(ms: number): void {
    this.#nowMs += ms;
    const due = this.#timers.filter(({ atMs }) => atMs <= this.#nowMs);
    this.#timers = this.#timers.filter(({ atMs }) => atMs > this.#nowMs);
    for (const { callback } of due) callback();
  }
}

/**
 * A watchdog over a thread that answers as the test says, and whose inspector cannot be reached: `onInspect` is what the
 * thread does while that is tried.
 */
function watch(times: () => ThreadTimes | null = () => null, onInspect = (): void => undefined) {
  const clock = new ManualClock();
  const verdicts: Verdict[] = [];
  const answers = { its: true };
  const pulse = makePulse();
  const thread: WatchedThread = {
    name: 'main',
    pulse,
    ping: () => {
      if (answers.its) Atomics.add(pulse, Pulse.HEART, 1);
    },
    times,
    inspect: () => {
      onInspect();
      return Promise.reject(new Error('no inspector here'));
    },
  };
  const watchdog = new Watchdog(thread, null, {
    limitMs: 250,
    busyLimitMs: 2000,
    clock,
    startedEpochMs: 0,
    onVerdict: (verdict) => verdicts.push(verdict),
  });
  watchdog.start();
  onTestFinished(() => {
    watchdog.stop();
  });
  return {
    watchdog,
    answers,
    verdicts,
    /** Lets time pass in steps, in each of which the thread does something; what is asynchronous gets its turns. */
    pass: async (ms: number, stepMs = 10, step = (): void => undefined) => {
      for (let passed = 0; passed < ms; passed += stepMs) {
        step();
        clock.advance(stepMs);
        for (let turns = 0; turns < 8; turns += 1) await Promise.resolve();
      }
    },
    /** It answers the ping that it owes. */
    revive: () => {
      answers.its = true;
      Atomics.add(pulse, Pulse.HEART, 1);
    },
    outcomes: () => verdicts.map(({ outcome }) => outcome),
  };
}

test('a thread that answers is let alone', async () => {
  const { pass, verdicts } = watch();
  await pass(60_000);
  expect(verdicts).toEqual([]);
});

test('a thread that answers no more gets its verdict after the limit, once', async () => {
  const { answers, pass, outcomes } = watch();
  await pass(100);
  answers.its = false;
  await pass(240);
  expect(outcomes()).toEqual([]);
  await pass(100);
  expect(outcomes()).toEqual(['busy']);
  await pass(10_000);
  expect(outcomes()).toEqual(['busy']);
});

test('a thread that answers again has recovered, and is watched as before', async () => {
  const { answers, pass, revive, verdicts, outcomes } = watch();
  answers.its = false;
  await pass(600);
  revive();
  await pass(100);
  expect(outcomes()).toEqual(['busy', 'recovered']);
  expect(verdicts[1]?.message).toMatch(/^The event loop turns again, after it had stood still for \d\d\d ms$/);
  answers.its = false;
  await pass(600);
  expect(outcomes()).toEqual(['busy', 'recovered', 'busy']);
});

test('time in which nobody looked is held against nobody', async () => {
  const { answers, pass, revive, verdicts } = watch();
  await pass(100);
  answers.its = false;
  await pass(50);
  // The process is suspended for a minute, and its threads go on one after the other.
  await pass(60_000, 60_000);
  await pass(100);
  revive();
  await pass(1000);
  expect(verdicts).toEqual([]);
});

test('a thread that waits for a processor gets more time', async () => {
  const clock = { waitedMs: 0 };
  const { answers, pass, verdicts, outcomes } = watch(() => {
    clock.waitedMs += 9;
    return { cpuMs: 0, waitedMs: clock.waitedMs * 10 };
  });
  answers.its = false;
  await pass(9000);
  expect(verdicts).toEqual([]);
  await pass(2000);
  expect(outcomes()).toEqual(['blocked']);
});

test('a loop that goes round without I/O is what it is, whatever the copy has moved just before', async () => {
  const { watchdog, answers, pass, verdicts } = watch();
  const recorder = new Recorder();
  watchdog.follow(recorder.buffer);
  await pass(100);
  answers.its = false;
  await pass(100);
  // No byte of these is older than the part of the silence that is judged.
  recorder.poll(1);
  recorder.event(Kind.READ, 1, 0, 0, 68, 2048);
  recorder.event(Kind.WRITE, 1, 0, 68, 69, 68);
  await pass(200, 10, () => {
    recorder.loop(0, 1, 69, 68);
  });
  expect(verdicts[0]).toMatchObject({ outcome: 'spinning', where: 'copy', connection: 1, direction: 'a -> b' });
});

test('a copy that moves bytes without pause is busy, even if it moves none while it is looked at', async () => {
  const recorder = new Recorder();
  const { watchdog, answers, pass, verdicts } = watch(
    () => null,
    () => {
      recorder.event(Kind.REGISTER, 1, 0, 0, 0, 0);
    },
  );
  watchdog.follow(recorder.buffer);
  answers.its = false;
  recorder.poll(1);
  await pass(400, 10, () => {
    recorder.event(Kind.READ, 1, 0, 0, 68, 2048);
    recorder.event(Kind.WRITE, 1, 0, 68, 68, 68);
    recorder.loop(0, 1, 68, 68);
  });
  expect(verdicts[0]).toMatchObject({ outcome: 'busy', where: 'copy', connection: 1 });
});

test('polls that go round in microtasks are no loop without I/O', async () => {
  const { watchdog, answers, pass, verdicts } = watch();
  const recorder = new Recorder();
  watchdog.follow(recorder.buffer);
  answers.its = false;
  await pass(400, 10, () => {
    for (let polls = 0; polls < 5; polls += 1) {
      recorder.poll(1);
      recorder.event(Kind.WRITE, 1, 0, 0, 0, 68);
      recorder.loop(0, 1, 0, 68);
    }
  });
  expect(verdicts[0]).toMatchObject({ outcome: 'livelocked', where: 'copy', connection: 1 });
});

test('a connection that is over stays over, though its records are read later', async () => {
  const { watchdog, pass } = watch();
  const recorder = new Recorder();
  watchdog.follow(recorder.buffer);
  recorder.poll(1);
  watchdog.append({ kind: 'connection', note: { connection: 1, closedMs: 1, end: 'ABORTED' } });
  await pass(100);
  expect([...watchdog.progress.connections.keys()]).toEqual([]);
});
