import type { Verdict } from '../../src/trace/trace-note.ts';

/** The ways in which the watched program of the benchmark gets stuck, and the first verdict that each must get. */
export const FREEZE_KINDS = {
  /** The copy's loop goes round without I/O: a writer claimed one byte more than it was offered. */
  spin: { outcome: 'spinning', loop: 'synchronous', where: 'copy' },
  /** Every await is followed by another. */
  microtask: { outcome: 'busy', loop: 'microtask', where: 'outside' },
  /** execFileSync of something that takes its time. */
  blocked: { outcome: 'blocked', where: 'outside' },
  /** A reader that wakes itself and never has anything. */
  livelock: { outcome: 'livelocked', loop: 'event-loop', where: 'copy' },
  /** A reader that returns Pending and keeps no waker. */
  parked: { outcome: 'parked', where: 'copy', half: 'read' },
  /** Honest work of 900 ms. */
  busy: { outcome: 'busy', loop: 'synchronous', where: 'outside' },
  /** No freeze: a relay at work, and a connection that waits. */
  honest: null,
} as const satisfies Readonly<Record<string, Partial<Verdict> | null>>;

export type FreezeKind = keyof typeof FREEZE_KINDS;

export const STUCK_KINDS = ['spin', 'microtask', 'blocked', 'livelock', 'parked', 'busy'] as const;

/** What the program says on its standard output, one line as JSON, just before it gets stuck. */
export interface FreezeStart {
  readonly kind: FreezeKind;
  readonly epochMs: number;
}

/** Whether a verdict is the one that a kind must get. */
export function isExpected(kind: FreezeKind, verdict: Verdict): boolean {
  const expected: Partial<Verdict> | null = FREEZE_KINDS[kind];
  if (expected === null) return false;
  return Object.entries(expected).every(([key, value]) => verdict[key as keyof Verdict] === value);
}
