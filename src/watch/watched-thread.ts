import type { ReachedThread } from './reach-thread.ts';
import type { ThreadTimes } from './thread-state.ts';

/** A thread as its watcher sees it. */
export interface WatchedThread {
  /** `main`, or `worker 3`. */
  readonly name: string;
  /** Where it counts (pulse.ts). */
  readonly pulse: Int32Array<SharedArrayBuffer>;
  /** Asks its event loop for a sign of life, which it gives in `pulse`. */
  ping(): void;
  /** What it has used of the processor; null where that is not known. */
  times(): ThreadTimes | null;
  inspect(): Promise<ReachedThread>;
}
