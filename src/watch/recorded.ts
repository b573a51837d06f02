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

/** What a thread does now counts, not what it did before it got there: the later of two spans, if anything happened in it. */
export function latest(soFar: Recorded | null, since: Recorded | null): Recorded | null {
  if (soFar === null || since === null || since.rounds + since.records === 0) return soFar;
  return since.records === 0 ? { ...since, rounds: Math.max(soFar.rounds, since.rounds) } : since;
}
