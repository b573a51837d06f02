import { EVENT_KINDS, TRANSFER_STATES } from '../event-kind.ts';
import { EXTENSION_TYPES, isInt32, type ExtendedValue } from '../extension.ts';
import { MAX_REPEAT } from '../ring-layout.ts';
import type { TraceEvent } from '../trace-event.ts';

/** What was read out of a line: anything. */
export type Fields = Readonly<Record<string, unknown>>;

/** The fields that are words of a record, whatever 32 bits cannot hold of them. */
const VALUES = ['pos', 'cap', 'n', 'offered'] as const;

/**
 * An event out of a line of NDJSON, as another program may have written it: what is missing has its default (`tickMs`: that
 * of the event before it), and a number that 32 bits do not hold becomes an extended one. In words what is wrong with it.
 */
export function parseEvent(fields: Fields, seq: number, tickBefore: number): TraceEvent | string {
  const kind = EVENT_KINDS.find((name) => name === fields['kind']);
  // An extension is no event: it comes as the raw bytes of one.
  if (kind === undefined || kind === 'extension')
    return expected('kind', `one of ${EVENT_KINDS.slice(1).join(', ')}`, fields['kind']);
  const { connection = 1, repeat, timeMs, lastTickMs, direction, half, state } = fields;
  if (!isInt32(connection)) return expected('connection', 'an integer of 32 bits', connection);
  if (timeMs !== undefined && !(typeof timeMs === 'number' && timeMs >= 0)) {
    return expected('timeMs', 'milliseconds', timeMs);
  }
  const tickMs = tickOf(fields['tickMs'] ?? timeMs ?? tickBefore);
  if (tickMs === null) return expected('tickMs', 'milliseconds', fields['tickMs']);
  const lastTick = tickOf(lastTickMs ?? tickMs);
  if (lastTick === null) return expected('lastTickMs', 'milliseconds', lastTickMs);
  if (repeat !== undefined && !(isInt32(repeat) && repeat >= 0)) {
    return expected('repeat', `an integer of 0 … ${MAX_REPEAT}`, repeat);
  }
  if (direction !== undefined && direction !== 'a -> b' && direction !== 'b -> a') {
    return expected('direction', '"a -> b" or "b -> a"', direction);
  }
  if (half !== undefined && half !== 'read' && half !== 'write') return expected('half', '"read" or "write"', half);
  const stateName = TRANSFER_STATES.find((name) => name === (state ?? 'running'));
  if (stateName === undefined) return expected('state', `one of ${TRANSFER_STATES.join(', ')}`, state);
  const values: Partial<Record<(typeof VALUES)[number], number | ExtendedValue>> = {};
  for (const name of VALUES) {
    const value = fields[name];
    if (value === undefined || (name === 'n' && (value === 'pending' || value === 'failed'))) continue;
    // A poll's number has more bits than a word.
    const isNumber = kind === 'poll' && name === 'n' && Number.isSafeInteger(value);
    const parsed = isNumber ? Number(value) : valueOf(value);
    if (parsed === null) return expected(name, 'a number, or {"type","value"}', value);
    values[name] = parsed;
  }
  const { n } = fields;
  return {
    seq,
    kind,
    connection,
    tickMs,
    state: stateName,
    ...values,
    ...(n === 'pending' || n === 'failed' ? { n } : {}),
    ...(timeMs === undefined ? {} : { timeMs }),
    ...(direction === undefined ? {} : { direction }),
    ...(half === undefined ? {} : { half }),
    ...(repeat === undefined ? {} : { repeat, lastTickMs: lastTick }),
    read_done: fields['read_done'] === true,
    need_flush: fields['need_flush'] === true,
    chunk: fields['chunk'] === true,
  };
}

/** Of 32 bits: 49 days; then the coarse tick stands still. */
function tickOf(value: unknown): number | null {
  if (isInt32(value)) return value;
  return typeof value === 'number' && value >= 0 ? Math.min(Math.round(value), 0xffffffff) : null;
}

function valueOf(value: unknown): number | ExtendedValue | null {
  if (isInt32(value)) return value;
  if (typeof value === 'number') return { type: 'number', value };
  if (typeof value !== 'object' || value === null) return null;
  const { type: name, value: inner = '' } = value as Fields;
  const type = EXTENSION_TYPES.find((one) => one === name);
  if (type === undefined || (typeof inner !== 'number' && typeof inner !== 'string')) return null;
  return { type, value: inner };
}

function expected(name: string, what: string, got: unknown): string {
  return `expected "${name}" to be ${what}, got ${describe(got)}`;
}

/** Not all of it: it may be long, and nested too deep to be written. */
function describe(value: unknown): string {
  if (value === undefined) return 'none';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return JSON.stringify(typeof value === 'string' ? value.slice(0, 60) : value);
}
