import { RelayscopeError } from '../errors.ts';
import { decodeRecords } from './decode-records.ts';
import { HEADER_WORDS, Header, RING_MAGIC, WORDS_PER_RECORD, recordOffset, ringBytes } from './ring-layout.ts';
import type { TraceEvent } from './trace-event.ts';

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
  const head = long(words, Header.HEAD_LOW, Header.HEAD_HIGH);
  const resume = Math.min(Math.max(kept, oldest), Math.max(kept, head));
  if (resume <= kept) return decodeRecords(copyRecords(words, 0, head), 0);
  const gap = { seq: kept, kind: 'gap', connection: 0, tickMs: 0, n: resume - kept } as const;
  return [
    ...decodeRecords(copyRecords(words, 0, kept), 0),
    gap,
    ...decodeRecords(copyRecords(words, resume, head), resume),
  ];
}

/** The records `from` … `to` of a ring, in one piece. */
export function copyRecords(words: Int32Array, from: number, to: number): Int32Array {
  const kept = at(words, Header.KEPT_RECORDS);
  const ring = at(words, Header.RING_RECORDS);
  const records = new Int32Array(Math.max(0, to - from) * WORDS_PER_RECORD);
  let index = from;
  while (index < to) {
    // Up to where the kept part ends, or the ring begins anew.
    const turn = index < kept ? kept : index + ring - ((index - kept) % ring);
    const end = Math.min(to, turn);
    const start = recordOffset(index, kept, ring);
    records.set(words.subarray(start, start + (end - index) * WORDS_PER_RECORD), (index - from) * WORDS_PER_RECORD);
    index = end;
  }
  return records;
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

/** The words of a recorder’s shared memory. Throws RING_MALFORMED. */
export function openRing(buffer: SharedArrayBuffer): Int32Array {
  const words = buffer.byteLength >= HEADER_WORDS * 4 ? new Int32Array(buffer) : new Int32Array(HEADER_WORDS);
  const [kept, ring] = [at(words, Header.KEPT_RECORDS), at(words, Header.RING_RECORDS)];
  const fits = kept >= 1 && ring >= 1 && ringBytes(kept, ring) === buffer.byteLength;
  if (at(words, Header.MAGIC) === RING_MAGIC && fits) return words;
  throw new RelayscopeError(
    'RING_MALFORMED',
    `Malformed ring: expected a recorder's shared memory, got ${buffer.byteLength} bytes that begin with ${at(words, 0)}`,
  );
}

/** A count of 64 bits in two words. */
function long(words: Int32Array, low: number, high: number): number {
  return at(words, high) * 0x100000000 + (at(words, low) >>> 0);
}

function at(words: Int32Array, index: number): number {
  return words[index] ?? 0;
}
