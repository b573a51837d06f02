import type { StackFrame } from '../trace/trace-note.ts';
import type { Recorded } from './recorded.ts';

/** What was found out about a thread whose event loop does not turn. */
export interface Evidence {
  /** Since the first ping that it did not answer. */
  readonly silentMs: number;
  /** Share of a processor that it used meanwhile, 0 … 1; null where that is not known. */
  readonly cpu: number | null;
  /** Its stack; null if it did not pause (a system call, or native code), or could not be asked. */
  readonly frames: readonly StackFrame[] | null;
  /** Why there is no stack. */
  readonly noStack: 'not in time' | 'does not pause' | 'a debugger may be attached' | 'not reachable' | null;
  /** Microtasks ran, while the event loop did not turn. */
  readonly runsMicrotasks: boolean;
  /** What its recorder saw in the latest part of the silence. */
  readonly recorded: Recorded | null;
  /** The system call that it stands in, where the kernel tells. */
  readonly systemCall: string | null;
  /** It would run, if it got a processor. */
  readonly isReady: boolean;
  /** It stood in the same function when it was looked at before, `busyLimitMs` ago. */
  readonly isInSameFunction: boolean;
}
