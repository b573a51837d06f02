import { PENDING } from '../poll/pending.ts';
import { EVENT_KINDS, Flag, Kind, TRANSFER_STATES } from './event-kind.ts';
import { decodeExtension, EXTENSION_FIELD_SHIFT, type ExtendedValue } from './extension.ts';
import { pollNumberHigh, pollTimeHigh, Word, WORDS_PER_RECORD } from './ring-layout.ts';
import type { Outcome, TraceEvent } from './trace-event.ts';

/**
 * The events of consecutive records of eight words each, the first of which is number `firstSeq`. Extensions are
 * joined to the record before them; one whose own record is not there belongs to nothing, and is left out.
 */
export function decodeRecords(words: Int32Array, firstSeq: number): TraceEvent[] {
  const events: TraceEvent[] = [];
  const count = Math.floor(words.length / WORDS_PER_RECORD);
  let index = 0;
  while (index < count) {
    const next = index + recordSpan(words, index);
    if (!isExtension(words, index)) {
      const extensions = next === index + 1 ? NONE : extensionsOf(words, index + 1, next);
      events.push(decodeRecord(words, index * WORDS_PER_RECORD, firstSeq + index, extensions));
    }
    index = next;
  }
  return events;
}

/** How many records the event at record `index` takes: one, and its extensions. */
export function recordSpan(words: Int32Array, index: number): number {
  const count = Math.floor(words.length / WORDS_PER_RECORD);
  let next = index + 1;
  while (next < count && isExtension(words, next)) next += 1;
  return next - index;
}

export function isExtension(words: Int32Array, index: number): boolean {
  return (at(words, index * WORDS_PER_RECORD) & Flag.KIND_MASK) === Kind.EXTENSION;
}

const NONE: ReadonlyMap<number, ExtendedValue> = new Map();

function extensionsOf(words: Int32Array, from: number, to: number): ReadonlyMap<number, ExtendedValue> {
  const extensions = new Map<number, ExtendedValue>();
  for (let index = from; index < to; index += 1) {
    const offset = index * WORDS_PER_RECORD;
    extensions.set(at(words, offset) >>> EXTENSION_FIELD_SHIFT, decode(words, offset));
  }
  return extensions;
}

/** One record, with the values of its extensions. */
function decodeRecord(
  words: Int32Array,
  offset: number,
  seq: number,
  extensions: ReadonlyMap<number, ExtendedValue>,
): TraceEvent {
  const head = at(words, offset);
  const code = head & Flag.KIND_MASK;
  const kind = EVENT_KINDS[code] ?? 'gap';
  const field = (word: number): number | ExtendedValue => extensions.get(word) ?? at(words, offset + word);
  const repeat = at(words, offset + Word.REPEAT);
  const common = {
    seq,
    kind,
    connection: at(words, offset + Word.CONNECTION),
    // Unsigned: 31 bits would be over after 24 days.
    tickMs: at(words, offset + Word.TICK_MS) >>> 0,
    ...(repeat > 0 ? { repeat, lastTickMs: at(words, offset + Word.OFFERED) >>> 0 } : {}),
  };
  if (kind === 'poll') {
    const high = at(words, offset + Word.CAP);
    const micros = pollTimeHigh(high) * 0x80000000 + at(words, offset + Word.POS);
    const number = pollNumberHigh(high) * 0x100000000 + (at(words, offset + Word.N) >>> 0);
    return { ...common, timeMs: micros / 1000, n: number };
  }
  const direction = (head & Flag.B_TO_A) === 0 ? 'a -> b' : 'b -> a';
  const half = (head & Flag.WRITE_HALF) === 0 ? 'read' : 'write';
  if (kind === 'wake') return { ...common, direction, half };
  if (kind === 'register') {
    const slot = at(words, offset + Word.N);
    return slot === 0 ? { ...common, direction, half } : { ...common, direction, half, n: slot };
  }
  if (code >= Kind.INNER_READ) {
    const n = (head & Flag.FAILED) === 0 ? outcome(field(Word.N)) : 'failed';
    return { ...common, direction, half, n, offered: field(Word.OFFERED), ...chunkOf(head) };
  }
  // Which text says what broke, in the half of the direction where it did.
  if (kind === 'fault') return { ...common, direction, half, n: at(words, offset + Word.N) };
  const place = {
    ...common,
    direction,
    pos: field(Word.POS),
    cap: field(Word.CAP),
    read_done: (head & Flag.READ_DONE) !== 0,
    need_flush: (head & Flag.NEED_FLUSH) !== 0,
    state: TRANSFER_STATES[(head >>> Flag.STATE_SHIFT) & Flag.STATE_MASK] ?? 'running',
  } as const;
  if (kind === 'loop') {
    const mark = at(words, offset + Word.N);
    return mark === 0 ? place : { ...place, n: mark };
  }
  const n: Outcome = (head & Flag.FAILED) === 0 ? outcome(field(Word.N)) : 'failed';
  if (kind !== 'read' && kind !== 'write') return { ...place, n };
  return { ...place, n, offered: field(Word.OFFERED), ...chunkOf(head) };
}

function chunkOf(head: number): { readonly chunk?: true } {
  return (head & Flag.CHUNK) === 0 ? {} : { chunk: true };
}

function outcome(n: number | ExtendedValue): Outcome {
  return n === PENDING ? 'pending' : n;
}

function decode(words: Int32Array, offset: number): ExtendedValue {
  const [, type = 0, low = 0, high = 0, more = 0, most = 0] = words.subarray(offset, offset + WORDS_PER_RECORD);
  return decodeExtension(type, low, high, more, most);
}

function at(words: Int32Array, index: number): number {
  return words[index] ?? 0;
}
