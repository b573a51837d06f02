import { RelayscopeError } from '../errors.ts';
import { PENDING } from '../poll/pending.ts';
import { EVENT_KINDS, Flag, Kind, TRANSFER_STATES } from './event-kind.ts';
import { decodeExtension, EXTENSION_FIELD_SHIFT, type ExtendedValue } from './extension.ts';
import { HEADER_WORDS, Header, RING_MAGIC, Word, WORDS_PER_RECORD, recordOffset, ringBytes } from './ring-layout.ts';
import type { Outcome, TraceEvent } from './trace-event.ts';

/** How often a reader begins anew because records were taken back meanwhile; then it takes what it got. */
const MAX_READS = 16;

/**
 * Reads the events out of a recorder's shared memory, from any thread. Exact while the recording thread stands still
 * (it is frozen, has ended, or is this one); while it runs, the latest records may be missing, or be counted already in
 * a repeat. What the ring has lost is one `gap` event, whose `n` is the number of records missing.
 *
 * Throws RING_MALFORMED if the memory is no recorder's.
 */
export function readRing(buffer: SharedArrayBuffer): TraceEvent[] {
  const words = openRing(buffer);
  for (let reads = 1; ; reads += 1) {
    const rewinds = Atomics.load(words, Header.REWINDS);
    const copy = words.slice();
    // What was written while we copied may have gone over the oldest records.
    const oldest = long(words, Header.WRITTEN_LOW, Header.WRITTEN_HIGH) - at(words, Header.RING_RECORDS);
    if (Atomics.load(words, Header.REWINDS) === rewinds || reads === MAX_READS) return decodeRing(copy, oldest);
  }
}

function decodeRing(words: Int32Array, oldest: number): TraceEvent[] {
  const kept = at(words, Header.KEPT_RECORDS);
  const ring = at(words, Header.RING_RECORDS);
  const head = long(words, Header.HEAD_LOW, Header.HEAD_HIGH);
  const events: TraceEvent[] = [];
  const resume = Math.min(Math.max(kept, oldest), Math.max(kept, head));
  let index = 0;
  while (index < head) {
    if (index >= kept && index < resume) {
      events.push({ seq: index, kind: 'gap', connection: 0, tickMs: 0, n: resume - index });
      index = resume;
      continue;
    }
    const offset = recordOffset(index, kept, ring);
    const extensions = new Map<number, ExtendedValue>();
    let next = index + 1;
    while (next < head && (at(words, recordOffset(next, kept, ring)) & Flag.KIND_MASK) === Kind.EXTENSION) {
      const extension = recordOffset(next, kept, ring);
      extensions.set(at(words, extension) >>> EXTENSION_FIELD_SHIFT, decode(words, extension));
      next += 1;
    }
    // An extension whose own record the ring has lost belongs to nothing.
    if ((at(words, offset) & Flag.KIND_MASK) !== Kind.EXTENSION) {
      events.push(decodeRecord(words, offset, index, extensions));
    }
    index = next;
  }
  return events;
}

/** What moves while the recording thread does anything at all, and what moves while it repeats itself. Both wrap. */
export interface RingActivity {
  readonly records: number;
  readonly repeats: number;
}

export function ringActivity(buffer: SharedArrayBuffer): RingActivity {
  const words = openRing(buffer);
  return { records: at(words, Header.WRITTEN_LOW), repeats: at(words, Header.REPEATS) };
}

/** Moves the coarse tick on; for whoever watches from outside while the recording thread cannot look at a clock. */
export function advanceTick(buffer: SharedArrayBuffer, byMs: number): void {
  Atomics.add(openRing(buffer), Header.TICK_MS, Math.round(byMs));
}

function openRing(buffer: SharedArrayBuffer): Int32Array {
  const words = buffer.byteLength >= HEADER_WORDS * 4 ? new Int32Array(buffer) : new Int32Array(HEADER_WORDS);
  const [kept, ring] = [at(words, Header.KEPT_RECORDS), at(words, Header.RING_RECORDS)];
  const fits = kept >= 1 && ring >= 1 && ringBytes(kept, ring) === buffer.byteLength;
  if (at(words, Header.MAGIC) === RING_MAGIC && fits) return words;
  throw new RelayscopeError(
    'RING_MALFORMED',
    `Malformed ring: expected a recorder's shared memory, got ${buffer.byteLength} bytes that begin with ${at(words, 0)}`,
  );
}

function decodeRecord(
  words: Int32Array,
  offset: number,
  seq: number,
  extensions: ReadonlyMap<number, ExtendedValue>,
): TraceEvent {
  const head = at(words, offset);
  const kind = EVENT_KINDS[head & Flag.KIND_MASK] ?? 'gap';
  const field = (word: number): number | ExtendedValue => extensions.get(word) ?? at(words, offset + word);
  const repeat = at(words, offset + Word.REPEAT);
  const common = {
    seq,
    kind,
    connection: at(words, offset + Word.CONNECTION),
    tickMs: at(words, offset + Word.TICK_MS),
    ...(repeat > 0 ? { repeat, lastTickMs: at(words, offset + Word.OFFERED) } : {}),
  };
  if (kind === 'poll') {
    const micros = at(words, offset + Word.CAP) * 0x80000000 + at(words, offset + Word.POS);
    return { ...common, timeMs: micros / 1000, n: at(words, offset + Word.N) };
  }
  const direction = (head & Flag.B_TO_A) === 0 ? 'a -> b' : 'b -> a';
  const half = (head & Flag.WRITE_HALF) === 0 ? 'read' : 'write';
  if (kind === 'register' || kind === 'wake') return { ...common, direction, half };
  const place = {
    ...common,
    direction,
    pos: field(Word.POS),
    cap: field(Word.CAP),
    read_done: (head & Flag.READ_DONE) !== 0,
    need_flush: (head & Flag.NEED_FLUSH) !== 0,
    state: TRANSFER_STATES[(head >>> Flag.STATE_SHIFT) & Flag.STATE_MASK] ?? 'running',
  } as const;
  if (kind === 'loop') return place;
  const n: Outcome = (head & Flag.FAILED) === 0 ? outcome(field(Word.N)) : 'failed';
  if (kind !== 'read' && kind !== 'write') return { ...place, n };
  return { ...place, n, offered: field(Word.OFFERED), ...((head & Flag.CHUNK) === 0 ? {} : { chunk: true }) };
}

function outcome(n: number | ExtendedValue): Outcome {
  return n === PENDING ? 'pending' : n;
}

function decode(words: Int32Array, offset: number): ExtendedValue {
  const [, type = 0, low = 0, high = 0, more = 0, most = 0] = words.subarray(offset, offset + WORDS_PER_RECORD);
  return decodeExtension(type, low, high, more, most);
}

/** A count of 64 bits in two words. */
function long(words: Int32Array, low: number, high: number): number {
  return at(words, high) * 0x100000000 + (at(words, low) >>> 0);
}

function at(words: Int32Array, index: number): number {
  return words[index] ?? 0;
}
