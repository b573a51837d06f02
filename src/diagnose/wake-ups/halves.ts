import type { Direction, Half } from '../../poll/direction.ts';
import { Kind } from '../../trace/event-kind.ts';
import { sideOf, type ConnectionPicture } from '../connection-picture.ts';
import type { HalfPicture } from '../half-picture.ts';

/** One of the four halves of a copy's two streams. */
export interface HalfName {
  readonly direction: Direction;
  readonly half: Half;
}

/** In the order of `halfIndex`. */
export const HALVES: readonly HalfName[] = [
  { direction: 'a -> b', half: 'read' },
  { direction: 'a -> b', half: 'write' },
  { direction: 'b -> a', half: 'read' },
  { direction: 'b -> a', half: 'write' },
];

export function pictureOf(picture: ConnectionPicture, { direction, half }: HalfName): HalfPicture {
  return picture.of(direction)[half];
}

/** The reader of a, as a person says it. */
export function nameOf({ direction, half }: HalfName): string {
  return `the ${half === 'read' ? 'reader' : 'writer'} of ${sideOf(direction, half)}`;
}

/** `read`, `write`, `flush`, `shutdown`: what a call is called. */
export function callName(kind: number): string {
  switch (kind) {
    case Kind.READ:
      return 'read';
    case Kind.WRITE:
      return 'write';
    case Kind.FLUSH:
      return 'flush';
    default:
      return 'shutdown';
  }
}

/** The latest wake of any other half than this; NONE: none of them was ever woken. */
export function otherWokenSeq(picture: ConnectionPicture, half: HalfPicture): number {
  const { aToB, bToA } = picture;
  let latest = -1;
  if (aToB.read !== half) latest = Math.max(latest, aToB.read.wokenSeq);
  if (aToB.write !== half) latest = Math.max(latest, aToB.write.wokenSeq);
  if (bToA.read !== half) latest = Math.max(latest, bToA.read.wokenSeq);
  if (bToA.write !== half) latest = Math.max(latest, bToA.write.wokenSeq);
  return latest;
}
