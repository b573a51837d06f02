import type { Direction } from '../../src/poll/direction.ts';
import type { TraceEvent } from '../../src/trace/trace-event.ts';

/** The print that ends an iteration; one without a mark is taken for it. */
const END_MARK = 4;

/** Where the print of a direction stands. */
interface Printed {
  readonly pos: number;
  readonly cap: number;
  readonly isDone: boolean;
}

/**
 * What a patched program that prints only the ends of its iterations has called, as far as pos, cap and read_done tell: each
 * began with a read, unless bytes were left, and wrote up to `pos`. Events that have calls are returned as they are.
 */
export function withPrintedCalls(events: readonly TraceEvent[]): { events: readonly TraceEvent[]; isPrinted: boolean } {
  const isPrinted = events.some(({ kind }) => kind === 'loop') && !events.some(({ kind }) => isRecorded(kind));
  if (!isPrinted) return { events, isPrinted };
  const latest = new Map<Direction, Printed>();
  const all: TraceEvent[] = [];
  for (const event of events) {
    const { kind, direction = 'a -> b', n = END_MARK, pos = 0, cap = 0, read_done = false } = event;
    if (kind !== 'loop' || n !== END_MARK || typeof pos !== 'number' || typeof cap !== 'number') continue;
    const before = latest.get(direction) ?? { pos: 0, cap: 0, isDone: false };
    latest.set(direction, { pos, cap, isDone: read_done });
    all.push(...callsOf(event, before, { pos, cap, isDone: read_done }), event);
  }
  return { events: all, isPrinted };
}

function callsOf({ seq, connection, tickMs, direction }: TraceEvent, before: Printed, now: Printed): TraceEvent[] {
  const common = {
    seq,
    connection,
    tickMs,
    ...(direction === undefined ? {} : { direction }),
    need_flush: false,
    state: 'running',
  } as const;
  const isSame = now.pos === before.pos && now.cap === before.cap;
  // Neither read nor write: pos has not met cap, and never will.
  if (isSame && now.pos !== now.cap) return [];
  const calls: TraceEvent[] = [];
  const room = Math.max(now.cap, 1);
  if (before.pos >= before.cap || now.cap !== before.cap) {
    const n = now.isDone ? 0 : now.cap;
    calls.push({
      ...common,
      kind: 'read',
      n,
      offered: room,
      pos: before.pos,
      cap: before.cap,
      read_done: before.isDone,
    });
    if (n === 0) return calls;
  }
  const from = before.pos < before.cap && now.cap === before.cap ? before.pos : 0;
  const n = now.pos - from;
  if (n !== 0)
    calls.push({
      ...common,
      kind: 'write',
      n,
      offered: now.cap - from,
      pos: from,
      cap: now.cap,
      read_done: now.isDone,
    });
  return calls;
}

function isRecorded(kind: TraceEvent['kind']): boolean {
  // A recorder tells of polls, too: one that goes round without a call has made none.
  return kind === 'poll' || kind === 'read' || kind === 'write' || kind === 'flush' || kind === 'shutdown';
}
