import type { Direction } from '../poll/direction.ts';
import { HalfPicture, NONE } from './half-picture.ts';

/** What is known of one direction of a copy, as of the event before the one that a detector is shown. */
export class DirectionPicture {
  readonly direction: Direction;
  /** Of the stream that this direction reads, and of the one that it writes. */
  readonly read = new HalfPicture('read');
  readonly write = new HalfPicture('write');

  pos = 0;
  cap = 0;
  readDone = false;
  /** The read that said so. */
  readDoneSeq = NONE;
  needFlush = false;
  /** 0 running, 1 shutting down, 2 done. */
  state = 0;
  stateSeq = NONE;
  stateTickMs = 0;

  // As reported to the copy, since the trace began or its last gap.
  readBytes = 0;
  writtenBytes = 0;
  reads = 0;
  writes = 0;
  flushes = 0;
  shutdowns = 0;
  /** The latest write that took something, and the latest flush that was done. */
  tookSeq = NONE;
  tookTickMs = 0;
  flushedSeq = NONE;
  /** The latest read that gave something. */
  gaveSeq = NONE;
  gaveTickMs = 0;
  /** The latest shutdown that was done. */
  shutDownSeq = NONE;

  constructor(direction: Direction) {
    this.direction = direction;
  }

  get movedTickMs(): number {
    return Math.max(this.tookTickMs, this.gaveTickMs);
  }
}
