import { expect, onTestFinished, test } from 'vitest';
import type { Clock } from '../../src/poll/clock.ts';
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

/** A watchdog over a thread that answers as the test says, and whose inspector cannot be reached. */
function watch(times: () => ThreadTimes | null = () => null) {
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
    inspect: () => Promise.reject(new Error('no inspector here')),
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
    answers,
    verdicts,
    /** Lets time pass in steps; what is asynchronous gets its turns. */
    pass: async (ms: number, stepMs = 10) => {
      for (let passed = 0; passed < ms; passed += stepMs) {
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
