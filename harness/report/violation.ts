import { PENDING } from '../../src/poll/pending.ts';
import { Flag, isBeneath, Kind } from '../../src/trace/event-kind.ts';
import type { ExtendedValue } from '../../src/trace/extension.ts';
import { Word } from '../../src/trace/ring-layout.ts';
import type { TraceEvent } from '../../src/trace/trace-event.ts';

/** The plain rules of a copy that one event alone can break. What takes several events to see is for `diagnose`. */
export const RULES = [
  'write-over-offered',
  'write-zero',
  'read-over-room',
  'count-invalid',
  'result-invalid',
  'pos-over-cap',
  'place-invalid',
  'read-after-end',
  'io-after-done',
] as const;
export type Rule = (typeof RULES)[number];

export interface Violation {
  readonly rule: Rule;
  /** One plain sentence with the numbers. */
  readonly message: string;
  readonly event: TraceEvent;
}

const DONE = 2 << Flag.STATE_SHIFT;
const STATE = Flag.STATE_MASK << Flag.STATE_SHIFT;

/** Whether a raw record is worth a closer look: quick, for every record of a trace. */
export function isSuspect(words: Int32Array, at: number): boolean {
  const head = words[at] ?? 0;
  const kind = head & Flag.KIND_MASK;
  if (kind < Kind.READ || kind > Kind.LOOP) return false;
  if ((head & Flag.EXTENDED) !== 0) return true;
  if (kind === Kind.LOOP) return (words[at + Word.POS] ?? 0) > (words[at + Word.CAP] ?? 0);
  if ((head & STATE) === DONE) return true;
  if ((head & Flag.FAILED) !== 0) return false;
  const n = words[at + Word.N] ?? 0;
  if (kind === Kind.READ && (head & Flag.READ_DONE) !== 0) return true;
  if (n === PENDING) return false;
  if (kind !== Kind.READ && kind !== Kind.WRITE) return n !== 0;
  return n < 0 || n > (words[at + Word.OFFERED] ?? 0) || (n === 0 && kind === Kind.WRITE);
}

/** The first rule that an event breaks, or null. */
export function violationOf(event: TraceEvent): Violation | null {
  const found = broken(event);
  return found === null ? null : { ...found, event };
}

function broken(event: TraceEvent): Omit<Violation, 'event'> | null {
  const { kind, direction = '', n, offered, pos, cap } = event;
  if (isBeneath(kind)) return null;
  switch (kind) {
    case 'loop':
      return brokenPlace(direction, pos, cap);
    case 'read':
    case 'write':
    case 'flush':
    case 'shutdown':
      break;
    case 'extension':
    case 'poll':
    case 'state':
    case 'register':
    case 'wake':
    case 'fault':
    case 'verdict':
    case 'gap':
      return null;
  }
  if (event.state === 'done') return { rule: 'io-after-done', message: `${direction}: a ${kind} after it was done` };
  if (kind === 'read' && event.read_done === true) {
    return { rule: 'read-after-end', message: `${direction}: a read after the end of the stream` };
  }
  if (n === 'pending' || n === 'failed' || n === undefined) return null;
  if (kind === 'flush' || kind === 'shutdown') {
    if (n === 0) return null;
    return {
      rule: 'result-invalid',
      message: `${direction}: a ${kind} returned ${spelled(n)} instead of 0 or Pending`,
    };
  }
  return brokenCount(kind, direction, n, offered);
}

function brokenCount(
  kind: 'read' | 'write',
  direction: string,
  n: number | ExtendedValue,
  offered: number | ExtendedValue | undefined,
): Omit<Violation, 'event'> | null {
  const count = integer(n);
  if (count === null || count < 0) {
    return { rule: 'count-invalid', message: `${direction}: a ${kind} returned ${spelled(n)}, which is no count` };
  }
  const most = offered === undefined ? null : integer(offered);
  if (most !== null && count > most) {
    return kind === 'write'
      ? { rule: 'write-over-offered', message: `${direction}: a write was offered ${most} bytes and reported ${count}` }
      : { rule: 'read-over-room', message: `${direction}: a read had room for ${most} bytes and reported ${count}` };
  }
  if (kind === 'write' && count === 0 && most !== 0) {
    return {
      rule: 'write-zero',
      message: `${direction}: a write took nothing of ${most ?? 'what'} bytes, and said so`,
    };
  }
  return null;
}

function brokenPlace(
  direction: string,
  pos: TraceEvent['pos'],
  cap: TraceEvent['cap'],
): Omit<Violation, 'event'> | null {
  if (pos === undefined || cap === undefined) return null;
  const [from, to] = [integer(pos), integer(cap)];
  if (from === null || to === null) {
    return { rule: 'place-invalid', message: `${direction}: pos ${spelled(pos)}, cap ${spelled(cap)} are no offsets` };
  }
  if (from <= to) return null;
  return { rule: 'pos-over-cap', message: `${direction}: pos ${from} has passed cap ${to}` };
}

/** The whole number that a value is, or null: `"68"`, NaN and 0.5 are none. */
function integer(value: number | ExtendedValue): number | null {
  if (typeof value === 'number') return value;
  return value.type === 'number' && Number.isInteger(value.value) ? Number(value.value) : null;
}

/** A value as the program had it: `68`, `"68"`, `NaN`, `undefined`. */
export function spelled(value: number | ExtendedValue): string {
  if (typeof value === 'number') return String(value);
  switch (value.type) {
    case 'string':
      return JSON.stringify(value.value);
    case 'bigint':
      return `${value.value}n`;
    case 'number':
    case 'boolean':
      return String(value.value);
    case 'undefined':
    case 'null':
      return value.type;
    case 'object':
      return 'an object';
  }
}
