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
    /** So long the test may last, and so long any hook of the file; infinite: for as long as it likes. */
    readonly testMs?: number;
    readonly hookMs?: number;
    /** How many tests come after it. */
    readonly after?: number;
  };
  /** The rings that it sends next. */
  nextRings(): Promise<readonly LentRing[]>;
}
