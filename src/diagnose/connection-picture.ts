import type { Direction, Half } from '../poll/direction.ts';
import type { ConnectionNote } from '../trace/trace-note.ts';
import { DirectionPicture } from './direction-picture.ts';
import { NONE, type HalfPicture } from './half-picture.ts';
import type { SeenEvent } from './seen-event.ts';

/** What is known of one copy, as of the event before the one that a detector is shown. */
export class ConnectionPicture {
  readonly connection: number;
  readonly aToB = new DirectionPicture('a -> b');
  readonly bToA = new DirectionPicture('b -> a');
  /** The latest that was said of it by name. */
  note: ConnectionNote | null = null;
  /** Of the trace it is part of. */
  dialect: string | null = null;

  firstSeq = NONE;
  firstTickMs = 0;
  lastSeq = NONE;
  lastTickMs = 0;
  /** Polls so far, those included that were collapsed into a repeat. */
  polls = 0;
  pollSeq = NONE;
  pollTickMs = 0;
  /** How often the poll under way stands, with all its events. */
  pollTimes = 1;
  /** Records are missing before this event: totals since the beginning are not known; NONE: none are. */
  gapSeq = NONE;

  constructor(connection: number) {
    this.connection = connection;
  }

  of(direction: Direction): DirectionPicture {
    return direction === 'a -> b' ? this.aToB : this.bToA;
  }

  /** The other direction. */
  opposite(direction: Direction): DirectionPicture {
    return direction === 'a -> b' ? this.bToA : this.aToB;
  }

  /** The half whose call or note an event is. */
  halfOf(event: SeenEvent): HalfPicture {
    const direction = event.isDown ? this.bToA : this.aToB;
    return event.half === 'read' ? direction.read : direction.write;
  }

  /** The other half of the same stream: a stream is read in one direction and written in the other. */
  sibling(direction: Direction, half: Half): HalfPicture {
    const other = this.opposite(direction);
    return half === 'read' ? other.write : other.read;
  }
}

/** `a` or `b`: whose half it is. */
export function sideOf(direction: Direction, half: Half): 'a' | 'b' {
  return (direction === 'a -> b') === (half === 'read') ? 'a' : 'b';
}
