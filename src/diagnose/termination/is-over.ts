import type { DirectionPicture } from '../direction-picture.ts';
import { NONE } from '../half-picture.ts';
import { unwritten } from '../unwritten.ts';

/** Everything up to its end is written, as far as can be seen. */
export function isOver(direction: DirectionPicture): boolean {
  const { readDone, readDoneSeq, write } = direction;
  return (readDone || readDoneSeq !== NONE) && unwritten(direction) <= 0 && !write.isPending;
}
