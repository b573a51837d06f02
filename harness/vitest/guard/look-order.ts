import type { Clock } from '../../../src/poll/clock.ts';
import type { StuckPlace } from './stuck-place.ts';

export interface LookOrder {
  readonly clock: Clock;
  readonly folder: string;
  readonly githubTop: string | null;
  readonly blockedLimitMs: number | null;
  readonly limitMs: number;
  readonly silentMs: number;
  readonly cpu: number | null;
  /** It uses no processor, and does not wait for one. */
  readonly isIdle: boolean;
  /** It could not be paused several times: nothing more will be learned of it. */
  readonly isLast: boolean;
  readonly hasToldBlocked: boolean;
  readonly hasToldDebugged: boolean;
  /** Nothing has come from the thread since. */
  isQuiet(): boolean;
  /** @param what the function that it is in, as the outermost frame of the user's has it. */
  isDue(place: StuckPlace, what: string): boolean;
}

/**
 * moved: it turns after all. waits: what runs may go on for longer. held: a debugger holds it. debugged: one is attached.
 * blocked: it stands in a call. unpaused: it works, and does not pause. ended: it was reported, and is gone.
 * given-up: it was reported, and cannot be ended.
 */
export type Look = 'moved' | 'waits' | 'held' | 'debugged' | 'blocked' | 'unpaused' | 'ended' | 'given-up';

/** So long a thread that works gets to pause. */
export const PAUSE_TIMEOUT_MS = 1000;
