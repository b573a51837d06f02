import { PULSE_WORDS } from '../../../src/watch/pulse.ts';

/** What a guarded thread shares with its watchdog beyond the words of `Pulse`. The guarded thread writes. */
export const GuardWord = {
  /** Counts what begins: a file, a test, what comes after a test. Silence is counted from there at the earliest. */
  MARK: PULSE_WORDS,
  /** So long what has begun may keep the event loop from turning, in milliseconds; 0: for as long as it likes. */
  LIMIT_MS: PULSE_WORDS + 1,
  /** A `GuardPhase`. */
  PHASE: PULSE_WORDS + 2,
  /** Which test began last: its place in the list that went to the watchdog, from 1; 0: none. */
  TEST: PULSE_WORDS + 3,
} as const;

export const GuardPhase = { COLLECT: 1, TEST: 2, BETWEEN: 3 } as const;

const GUARD_WORDS = PULSE_WORDS + 4;

export function makeGuardWords(): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(GUARD_WORDS * 4));
}

/** A limit as vitest has it (0 and infinite are none) for LIMIT_MS. */
export function limitWord(limitMs: number): number {
  return limitMs > 0 && limitMs < 0x7fffffff ? Math.ceil(limitMs) : 0;
}
