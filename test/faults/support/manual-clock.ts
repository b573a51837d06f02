import type { Clock } from '../../../src/poll/clock.ts';

/** A clock that a test moves: `advance` calls what is due, in order. */
export interface ManualClock extends Clock {
  advance(ms: number): void;
  /** Moves to the next timer and calls it; false if there is none. */
  next(): boolean;
}

export function manualClock(): ManualClock {
  let nowMs = 0;
  let timers: { atMs: number; callback: () => void }[] = [];
  const next = (untilMs: number): boolean => {
    const [first] = timers.toSorted((x, y) => x.atMs - y.atMs);
    if (first === undefined || first.atMs > untilMs) return false;
    timers = timers.filter((timer) => timer !== first);
    nowMs = Math.max(nowMs, first.atMs);
    first.callback();
    return true;
  };
  return {
    nowMs: () => nowMs,
    after(delayMs, callback) {
      const timer = { atMs: nowMs + delayMs, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
    advance(ms) {
      const endMs = nowMs + ms;
      while (next(endMs));
      nowMs = endMs;
    },
    next: () => next(Number.POSITIVE_INFINITY),
  };
}
