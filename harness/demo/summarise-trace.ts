import type { Direction } from '../../src/poll/direction.ts';
import type { TraceEvent } from '../../src/trace/trace-event.ts';

/** The numbers of the story, read off a trace. */
export interface TraceSummary {
  /** The direction in which a write claimed more than it was offered, or else the last one that went round its loop. */
  readonly direction: Direction;
  /** At the end of that direction's last iteration; of the first after the wrong count, if there was one. */
  readonly pos?: number;
  readonly cap?: number;
  readonly read_done?: boolean;
  /** How often that direction went round its loop. */
  readonly iterations: number;
  /** The wrong count, if there was one. */
  readonly offered?: number;
  readonly reported?: number;
  /** Calls of pollRead and pollChunk in each direction. */
  readonly reads: Readonly<Record<Direction, number>>;
  /** Bytes reported as written in each direction. */
  readonly written: Readonly<Record<Direction, number>>;
}

/** @param events are those of one connection. */
export function summariseTrace(events: readonly TraceEvent[]): TraceSummary {
  const reads = { 'a -> b': 0, 'b -> a': 0 };
  const written = { 'a -> b': 0, 'b -> a': 0 };
  const iterations = { 'a -> b': 0, 'b -> a': 0 };
  let wrong: TraceEvent | undefined;
  let loop: TraceEvent | undefined;
  let pollRepeats = 0;
  for (const event of events) {
    const { kind, direction, n, offered } = event;
    // After a gap it is not known which poll, and how often repeated, the next events belong to.
    if (kind === 'gap') pollRepeats = 0;
    if (kind === 'poll') pollRepeats = event.repeat ?? 0;
    if (direction === undefined) continue;
    const times = 1 + pollRepeats;
    if (kind === 'read') reads[direction] += times;
    if (kind === 'write' && typeof n === 'number') {
      written[direction] += n * times;
      if (typeof offered === 'number' && n > offered) wrong ??= event;
    }
    if (kind === 'loop') {
      iterations[direction] += (1 + (event.repeat ?? 0)) * times;
      // After the wrong count only the first iteration of its own direction tells what it led to.
      const found = wrong !== undefined && loop !== undefined && loop.seq > wrong.seq;
      if (!found && (wrong === undefined || wrong.direction === direction)) loop = event;
    }
  }
  const direction = wrong?.direction ?? loop?.direction ?? 'a -> b';
  const place = wrong === undefined || (loop !== undefined && loop.seq > wrong.seq) ? loop : wrong;
  return {
    direction,
    iterations: iterations[direction],
    reads,
    written,
    ...(place !== undefined && typeof place.pos === 'number' ? { pos: place.pos } : {}),
    ...(place !== undefined && typeof place.cap === 'number' ? { cap: place.cap } : {}),
    ...(place?.read_done === undefined ? {} : { read_done: place.read_done }),
    ...(typeof wrong?.offered === 'number' ? { offered: wrong.offered } : {}),
    ...(typeof wrong?.n === 'number' ? { reported: wrong.n } : {}),
  };
}
