import type { Direction } from '../poll/direction.ts';

/** Counters of a recorder at one moment; all may wrap at 32 bits. */
export interface RecordedSoFar {
  readonly repeats: number;
  readonly records: number;
  readonly polls: number;
  readonly bytes: number;
}

/** What a recorder has seen between two moments, and where it was in the end. */
export interface Recorded {
  /** How often a loop without I/O went round. */
  readonly rounds: number;
  /** Records and repeated polls: calls were made. */
  readonly records: number;
  readonly bytes: number;
  readonly connection: number;
  readonly direction: Direction;
}
