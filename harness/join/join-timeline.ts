import type { Direction } from '../../src/poll/direction.ts';
import type { FlowWay, JoinedDirection } from './joined-direction.ts';

/** How far a direction was at one of its layers. */
export interface TimelineEntry {
  /** Milliseconds since the trace began. */
  readonly atMs: number;
  readonly direction: Direction;
  readonly layer: 'source' | 'read' | 'written' | 'target';
  /** Bytes of what is carried, so far. */
  readonly offset: number;
}

const LAYERS = ['source', 'read', 'written', 'target'] as const;
/** Of a longer time line the middle is left out. */
export const MAX_TIMELINE = 40;

export interface Timeline {
  readonly entries: readonly TimelineEntry[];
  /** How many are left out after the first half. */
  readonly leftOut: number;
}

/** Both directions, all layers, by time; at one time in the order of the layers. */
export function timelineOf(directions: readonly JoinedDirection[], shiftMs: number | null): Timeline {
  const all = directions.flatMap(({ direction, source, copy, target }): TimelineEntry[] => [
    ...seen(direction, 'source', source, shiftMs),
    ...copy.read.points.map((point) => ({ ...point, direction, layer: 'read' as const })),
    ...copy.taken.points.map((point) => ({ ...point, direction, layer: 'written' as const })),
    ...seen(direction, 'target', target, shiftMs),
  ]);
  const sorted = all.toSorted(
    (one, other) => one.atMs - other.atMs || LAYERS.indexOf(one.layer) - LAYERS.indexOf(other.layer),
  );
  if (sorted.length <= MAX_TIMELINE) return { entries: sorted, leftOut: 0 };
  const half = MAX_TIMELINE / 2;
  return {
    entries: [...sorted.slice(0, half), ...sorted.slice(-half)],
    leftOut: sorted.length - MAX_TIMELINE,
  };
}

function seen(
  direction: Direction,
  layer: 'source' | 'target',
  way: FlowWay | null,
  shiftMs: number | null,
): TimelineEntry[] {
  if (way === null || shiftMs === null) return [];
  return way.points.map(({ atMs, offset }) => ({ atMs: atMs + shiftMs, direction, layer, offset }));
}
