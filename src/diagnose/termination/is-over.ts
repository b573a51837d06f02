import type { DirectionPicture } from '../direction-picture.ts';
import { NONE } from '../half-picture.ts';

/** Everything up to its end is written, as far as can be seen. */
export function isOver({ readDone, readDoneSeq, pos, cap, write }: DirectionPicture): boolean {
  return (readDone || readDoneSeq !== NONE) && pos >= cap && !write.isPending;
}
