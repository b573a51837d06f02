import { SOCKET_STATES, SocketState } from '../../src/trace/event-kind.ts';
import type { TraceEvent } from '../../src/trace/trace-event.ts';
import { duration, thousands } from './format-number.ts';
import { printable } from '../../src/printable.ts';
import { spelled } from './violation.ts';

/** The mark of the print that ends an iteration in the trace that this format descends from. */
const END_MARK = 4;
const MAX_TEXT_CHARS = 200;

/**
 * What one event says, in the manner of the story: `a -> b  #4  pos 69  cap 68  read_done false  × 20,157,093`.
 * `pollRepeat` is how many more times the event's poll stands, which counts for each event of it.
 */
export function eventText(event: TraceEvent): string {
  const { kind, direction = '', repeat = 0, tickMs, lastTickMs = tickMs } = event;
  const times = repeat === 0 ? '' : `  × ${thousands(1 + repeat)}`;
  const span = repeat === 0 || lastTickMs <= tickMs ? '' : ` in ${duration(lastTickMs - tickMs)}`;
  const begin = kind === 'poll' || kind === 'gap' || direction === '' ? '' : `${direction}  `;
  return `${begin}${said(event)}${times}${span}`;
}

function said(event: TraceEvent): string {
  const { kind, n, offered, half = 'read' } = event;
  switch (kind) {
    case 'poll':
      return `poll ${value(n)}`;
    case 'read':
      return `${event.chunk === true ? 'chunk' : 'read '}  ${returned(event, `room ${value(offered)}, got`)}${place(event)}`;
    case 'write':
      return `write  ${returned(event, `offered ${value(offered)}, reported`)}${place(event)}`;
    case 'flush':
    case 'shutdown':
      return `${kind}  ${n === 0 ? 'done' : value(n)}`;
    case 'loop':
      return `#${typeof n === 'number' ? n : END_MARK}  pos ${value(event.pos)}  cap ${value(event.cap)}  read_done ${event.read_done === true}${flush(event)}`;
    case 'state':
      return `is ${event.state ?? 'running'}, ${value(n)} bytes`;
    case 'register':
      return `waits: its ${half} half is registered`;
    case 'wake':
      return `woken: its ${half} half`;
    case 'gap':
      return `… ${value(n)} records are missing …`;
    case 'fault':
      return `fault ${event.text === undefined ? value(n) : printable(event.text, MAX_TEXT_CHARS)} at ${sideOf(event)}`;
    case 'inner-read':
      return `  beneath: read  ${returned(event, `room ${value(offered)}, got`)}`;
    case 'inner-write':
      return `  beneath: write  ${returned(event, `offered ${value(offered)}, took`)}`;
    case 'inner-flush':
    case 'inner-shutdown':
      return `  beneath: ${kind.slice('inner-'.length)}  ${n === 0 ? 'done' : value(n)}`;
    case 'ledger':
      return `ledger of ${sideOf(event)}: ${value(n)} bytes really ${half === 'read' ? 'given' : 'taken'}`;
    case 'queue':
      return `queue of ${sideOf(event)}: ${value(n)} bytes wait to be ${half === 'read' ? 'read' : 'sent'}${offered === 0 ? '' : ` (mark ${value(offered)})`}`;
    case 'socket':
      if (n === SocketState.WOKE) return `  beneath: wakes who waits for its ${half} half`;
      return `socket of ${sideOf(event)}: its ${half} half is ${socketState(n)}${offered === 0 ? '' : `, ${value(offered)} bytes`}`;
    case 'credit':
      return `credit of ${sideOf(event)}: window ${value(n)}, ${value(offered)} bytes used up and not given back`;
    case 'blocked':
      return `blocked: its ${half} half waits for ${n === 1 ? `the other half of ${sideOf(event)}` : 'its peer'}`;
    case 'verdict':
    case 'extension':
      return `${kind}  ${value(n)}`;
  }
}

function socketState(n: TraceEvent['n']): string {
  return (typeof n === 'number' ? SOCKET_STATES[n] : undefined) ?? `in state ${value(n)}`;
}

/** Whose half it is: side a reads for a -> b, and writes for b -> a. */
function sideOf({ direction, half }: TraceEvent): string {
  return (direction === 'a -> b') === (half === 'read') ? 'a' : 'b';
}

/** `room 2048, got 68`; `room 2048: pending` */
function returned({ n }: TraceEvent, words: string): string {
  if (n !== 'pending' && n !== 'failed') return `${words} ${value(n)}`;
  return `${words.slice(0, words.lastIndexOf(','))}: ${n}`;
}

function place({ pos, cap, read_done }: TraceEvent): string {
  if (pos === 0 && cap === 0 && read_done !== true) return '';
  return `  (pos ${value(pos)}, cap ${value(cap)}${read_done === true ? ', read_done' : ''})`;
}

function flush({ need_flush }: TraceEvent): string {
  return need_flush === true ? '  need_flush' : '';
}

function value(of: TraceEvent['n'] | TraceEvent['pos']): string {
  if (of === undefined) return '?';
  if (of === 'pending' || of === 'failed') return of;
  return printable(spelled(of), 40);
}
