import { duration, thousands } from '../../report/format-number.ts';
import { eventText } from '../../report/event-text.ts';
import { isBeneath } from '../../../src/trace/event-kind.ts';
import type { TraceEvent } from '../../../src/trace/trace-event.ts';

/** The state of the copy in one line: `a -> b  write  offered 68, reported 69  (pos 0, cap 68)  read_done false  (event 2)`. */
export function eventComment(event: TraceEvent): string {
  // A loop says it itself.
  const readDone = event.read_done === undefined || event.kind === 'loop' ? '' : `  read_done ${event.read_done}`;
  return `${eventText(event)}${readDone}  (event ${event.seq})`;
}

/**
 * Whether an event has something to say though no byte moves with it: a call that waits or fails, a stream at its end, a loop
 * or a poll that goes round, a fault.
 */
export function isRemarkable({ kind, n, repeat = 0 }: TraceEvent): boolean {
  if (isBeneath(kind)) return false;
  switch (kind) {
    case 'loop':
    case 'poll':
      return repeat > 0;
    case 'read':
      return n === 'failed' || n === 0 || isOdd(n);
    case 'write':
    case 'shutdown':
      return true;
    case 'flush':
      return n !== 0;
    case 'fault':
    case 'verdict':
      return true;
    case 'state':
    case 'register':
    case 'wake':
    case 'gap':
    case 'extension':
      return false;
  }
}

/** What a packet says of the pause before it, if there was one. */
export function pauseComment(ms: number): string {
  return `after a pause of ${duration(ms)} (${thousands(Math.round(ms))} ms)`;
}

function isOdd(n: TraceEvent['n']): boolean {
  return n !== 'pending' && (typeof n !== 'number' || n < 0);
}
