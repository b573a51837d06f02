import { isDeepStrictEqual } from 'node:util';
import { isBeneath, type EventKind } from '../../src/trace/event-kind.ts';
import type { TraceEvent } from '../../src/trace/trace-event.ts';
import { eventText } from '../report/event-text.ts';
import { rounds } from './rounds.ts';

/** So many polls of each are compared; who goes round for longer does the same. */
const MAX_POLLS = 12_000;

/** Where a replay leaves the record. */
export interface Departure {
  /** Steps before it that are the same: calls, iterations, and changes of state. */
  readonly same: number;
  /** Null: the record ends there, or the replay does. */
  readonly recorded: Step | null;
  readonly replayed: Step | null;
}

export interface Step {
  readonly seq: number;
  /** As `relayscope inspect` shows it. */
  readonly text: string;
}

/**
 * Compares what was recorded with what a replay has recorded, step by step, without polls, registrations, wakes, times and what lies beneath the streams, and
 * up to the first gap of either; in another dialect also without the room of a read, and the flag of a flush. Null if one is the beginning of the other, and nothing more was recorded than replayed.
 */
export function compareSteps(
  recorded: readonly TraceEvent[],
  replayed: readonly TraceEvent[],
  hasSameBuffer: boolean,
): { readonly same: number; readonly departure: Departure | null } {
  const steps = stepsOf(recorded);
  const others = stepsOf(replayed);
  for (let same = 0; ; same += 1) {
    const [step, other] = [steps.next().value ?? null, others.next().value ?? null];
    // What goes on where the record ends is no difference.
    if (step === null || step.kind === 'gap' || other?.kind === 'gap') return { same, departure: null };
    if (other !== null && isDeepStrictEqual(keyOf(step, other, hasSameBuffer), keyOf(other, step, hasSameBuffer)))
      continue;
    return { same, departure: { same, recorded: told(step), replayed: other === null ? null : told(other) } };
  }
}

/** What the copy does not do itself, or does at the bidding of others. */
const NO_STEPS: ReadonlySet<EventKind> = new Set<EventKind>(['poll', 'register', 'wake', 'fault']);

function* stepsOf(events: readonly TraceEvent[]): Generator<TraceEvent, undefined> {
  let loop: TraceEvent | null = null;
  for (const { event } of rounds(events, MAX_POLLS)) {
    const { kind } = event;
    if (NO_STEPS.has(kind) || isBeneath(kind)) continue;
    const isSame =
      kind === 'loop' && loop !== null && isDeepStrictEqual(keyOf(loop, event, true), keyOf(event, loop, true));
    loop = kind === 'loop' ? event : null;
    if (!isSame) yield event;
  }
}

/** What makes a step the same. A chunk that was handed over had no room to compare. */
function keyOf(event: TraceEvent, other: TraceEvent, hasSameBuffer: boolean): unknown[] {
  const { kind, direction, pos, cap, n, offered, read_done, need_flush, state } = event;
  // Where the buffer stands when it is read into, and how much room it has, is the dialect's affair.
  if (kind === 'read' && !hasSameBuffer) return [kind, direction, n, read_done, state];
  const isChunk = event.chunk === true || other.chunk === true;
  const common = [kind, direction, pos, cap, kind === 'loop' ? null : n, isChunk ? null : offered, read_done, state];
  return hasSameBuffer ? [...common, need_flush] : common;
}

function told(event: TraceEvent): Step {
  return { seq: event.seq, text: eventText(event).trim() };
}
