import { Kind } from '../trace/event-kind.ts';
import type { DirectionPicture } from './direction-picture.ts';

/**
 * How many bytes a direction has read and not written, by its latest event; below 0 where a writer has claimed too much. A
 * write is recorded with the places from before it, and a copy that is not ours records nothing after it.
 */
export function unwritten({ pos, cap, read, write }: DirectionPicture): number {
  const { lastKind, lastN, lastOffered, lastSeq } = write;
  const isLatest = lastKind === Kind.WRITE && lastSeq > read.lastSeq && pos + lastOffered === cap;
  return cap - pos - (isLatest && lastN > 0 ? lastN : 0);
}
