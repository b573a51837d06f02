import { expect, test } from 'vitest';
import { TimeLimit } from '../../harness/ci/time-limit.ts';
import { parseTimeSpan, timeSpanText } from '../../harness/ci/time-span.ts';
import type { Clock } from '../../src/poll/clock.ts';

function handClock(): Clock & { nowAt: number; due: { atMs: number; callback: () => void }[] } {
  return {
    nowAt: 100,
    due: [],
    nowMs() {
      return this.nowAt;
    },
    after(delayMs, callback) {
      const timer = { atMs: this.nowAt + delayMs, callback };
      this.due.push(timer);
      return () => {
        this.due.splice(this.due.indexOf(timer), 1);
      };
    },
  };
}

test('a limit is over when its time is, and so is every part of it', () => {
  const clock = handClock();
  const whole = new TimeLimit(1000, { clock });
  const short = whole.within(300);
  clock.nowAt = 399;
  expect([whole.isOver(), short.isOver()]).toEqual([false, false]);
  clock.nowAt = 400;
  expect([whole.isOver(), short.isOver()]).toEqual([false, true]);
  const late = whole.within(5000);
  expect(late.ms).toBe(700);
  clock.nowAt = 1100;
  expect([whole.isOver(), late.isOver(), whole.within(10).isOver()]).toEqual([true, true, true]);
});

test('without a limit only a signal ends it', () => {
  const clock = handClock();
  const stop = new AbortController();
  const limit = new TimeLimit(Infinity, { clock, stop: stop.signal });
  clock.nowAt = 1e15;
  expect([limit.isOver(), limit.within(Infinity).isOver(), limit.within(50).isOver()]).toEqual([false, false, false]);
  const { signal } = limit.signal();
  expect(clock.due).toEqual([]);
  stop.abort();
  expect([limit.isOver(), signal.aborted]).toEqual([true, true]);
});

test('its signal fires at the end, and leaves no timer when it is given back', () => {
  const clock = handClock();
  const limit = new TimeLimit(1000, { clock });
  const { signal } = limit.signal();
  expect(clock.due.map(({ atMs }) => atMs)).toEqual([1100]);
  clock.due[0]?.callback();
  expect(signal.aborted).toBe(true);
  const other = limit.signal();
  expect(clock.due).toHaveLength(2);
  other.release();
  expect(clock.due).toHaveLength(1);
});

test.each([
  ['5m', 300_000, '5m'],
  ['90s', 90_000, '90s'],
  ['1.5h', 5_400_000, '90m'],
  ['250ms', 250, '250ms'],
  ['1.25s', 1250, '1250ms'],
  ['off', Infinity, 'off'],
])('%j is %d ms, and is written %j', (text, ms, written) => {
  expect(parseTimeSpan(text)).toBe(ms);
  expect(timeSpanText(ms)).toBe(written);
});

test.each(['0s', '5', 'm', '-5m', '5 m', '5M', '1h30m', 'never', '', '1e3s'])('%j is no length of time', (text) => {
  expect(parseTimeSpan(text)).toBeNull();
});
