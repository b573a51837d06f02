/** The only source of time. Passed in wherever time matters, so that a test can bring its own. */
export interface Clock {
  /** Milliseconds since an arbitrary start, with a fraction, never going back. */
  nowMs(): number;
  /** Calls `callback` once after `delayMs`; returns what cancels it. A timer does not keep the process alive. */
  after(delayMs: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    timer.unref();
    return () => {
      clearTimeout(timer);
    };
  },
};

const { setTimeout: setRealTimeout, clearTimeout: clearRealTimeout } = globalThis;
const realNowMs = performance.now.bind(performance);

/** The same as it was when this module was loaded, for who watches a test: one that fakes its timers later does not stop it. */
export const realClock: Clock = {
  nowMs: realNowMs,
  after(delayMs, callback) {
    const timer = setRealTimeout(callback, delayMs);
    timer.unref();
    return () => {
      clearRealTimeout(timer);
    };
  },
};

/** Resolves after so long. */
export function sleep(delayMs: number, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    clock.after(delayMs, resolve);
  });
}

/** Milliseconds since 1970 as a clock that never goes back has them: the same in every thread of a process. */
export function epochMs(): number {
  return performance.timeOrigin + performance.now();
}

/** ISO 8601 in UTC. */
export function isoOf(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
