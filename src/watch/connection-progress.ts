import type { Direction, Half } from '../poll/direction.ts';
import { HalfProgress } from './half-progress.ts';

/** One direction of a copy: what it has moved, and what it waits for. */
export class DirectionProgress {
  readonly direction: Direction;
  /** Taken by the writer, as it reported. */
  bytes = 0;
  isDone = false;
  readonly read = new HalfProgress();
  readonly write = new HalfProgress();

  constructor(direction: Direction) {
    this.direction = direction;
  }
}

/** Milliseconds are those of whoever folds, since the trace began. */
export class ConnectionProgress {
  readonly connection: number;
  readonly aToB = new DirectionProgress('a -> b');
  readonly bToA = new DirectionProgress('b -> a');
  polls = 0;
  /** Polls with records of their own: a repeated one counts once. */
  pollRecords = 0;
  polledAtMs: number;
  /** When a byte, or a state of a direction, moved last. */
  movedAtMs: number;
  /** Polls without a byte that follow each other closely: since when, and how many. */
  idleSinceMs: number;
  idlePolls = 0;
  /** A waker was called, and no poll has come since. */
  isWoken = false;
  /** Both directions are done, or the copy has failed. */
  hasEnded = false;

  constructor(connection: number, nowMs: number) {
    this.connection = connection;
    this.polledAtMs = nowMs;
    this.movedAtMs = nowMs;
    this.idleSinceMs = nowMs;
  }

  get directions(): readonly [DirectionProgress, DirectionProgress] {
    return [this.aToB, this.bToA];
  }

  /** The half that waits with nobody to wake it, if there is one; the copy goes on only by luck. */
  get forgotten(): { readonly direction: Direction; readonly half: Half } | null {
    if (this.hasEnded || this.isWoken) return null;
    for (const { direction, isDone, read, write } of this.directions) {
      if (isDone) continue;
      for (const [half, one] of [['read', read] as const, ['write', write] as const])
        if (one.waits && !one.isRegistered && one.calledInPoll === this.pollRecords) return { direction, half };
    }
    return null;
  }

  /**
   * What each direction waits for, in words: `a -> b waits for a to send, since 12 s`.
   * Empty for what has ended.
   */
  waits(nowMs: number): string[] {
    if (this.hasEnded) return [];
    return this.directions.flatMap(({ direction, isDone, read, write }) => {
      const [from, to] = direction === 'a -> b' ? ['a', 'b'] : ['b', 'a'];
      const half = write.waits ? write : read;
      if (isDone || !half.waits) return [];
      const whom = write.waits ? `${to} to take more` : `${from} to send`;
      const nobody = half.isRegistered || this.isWoken ? '' : ', and nobody will wake it';
      return [`${direction} waits for ${whom}, since ${spanOf(nowMs - this.movedAtMs)}${nobody}`];
    });
  }
}

/** `350 ms`, `1.6 s`, `12 s`, `3 min`. */
export function spanOf(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  return ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}
