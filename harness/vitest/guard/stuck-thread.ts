import type { WatchedThread } from '../../../src/watch/watched-thread.ts';
import type { LentRing } from './guard-desk.ts';

/** A guarded thread as its watchdog sees it. */
export interface StuckThread extends WatchedThread {
  /** 0 for the main thread of a fork. */
  readonly threadId: number;
  /** What it has told of itself while it could. */
  known(): {
    readonly root: string;
    readonly file: string;
    readonly titles?: readonly string[];
    readonly line?: number | null;
    /** How many tests come after it. */
    readonly after?: number;
  };
  /** The rings that it sends next. */
  nextRings(): Promise<readonly LentRing[]>;
}
