import type { Direction, Half } from '../poll/direction.ts';
import { sideOf } from './connection-picture.ts';
import type { SeenEvent } from './seen-event.ts';

/** The four halves of a connection, for tables and bits: reading and writing of a -> b, then those of b -> a. */
export const HALVES = [0, 1, 2, 3] as const;

/** Which of them an event is about. */
export function halfIndex(event: SeenEvent): number {
  return (event.isDown ? 2 : 0) + (event.half === 'read' ? 0 : 1);
}

export interface HalfPlace {
  readonly direction: Direction;
  readonly half: Half;
}

export function halfPlace(index: number): HalfPlace & { readonly side: 'a' | 'b' } {
  const direction = index < 2 ? 'a -> b' : 'b -> a';
  const half = index % 2 === 0 ? 'read' : 'write';
  return { direction, half, side: sideOf(direction, half) };
}
