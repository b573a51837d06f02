import { RelayscopeError } from '../errors.ts';
import { HEADER_WORDS, Header, RING_MAGIC, WORDS_PER_RECORD, recordOffset, ringBytes } from './ring-layout.ts';

/** The words of a recorder’s shared memory. Throws RING_MALFORMED. */
export function openRing(buffer: SharedArrayBuffer): Int32Array {
  const words = buffer.byteLength >= HEADER_WORDS * 4 ? new Int32Array(buffer) : new Int32Array(HEADER_WORDS);
  const [kept, ring] = [wordAt(words, Header.KEPT_RECORDS), wordAt(words, Header.RING_RECORDS)];
  const fits = kept >= 1 && ring >= 1 && ringBytes(kept, ring) === buffer.byteLength;
  if (wordAt(words, Header.MAGIC) === RING_MAGIC && fits) return words;
  throw new RelayscopeError(
    'RING_MALFORMED',
    `Malformed ring: expected a recorder's shared memory, got ${buffer.byteLength} bytes that begin with ${wordAt(words, 0)}`,
  );
}

/** The records `from` … `to` of a ring, in one piece. */
export function copyRecords(words: Int32Array, from: number, to: number): Int32Array {
  const kept = wordAt(words, Header.KEPT_RECORDS);
  const ring = wordAt(words, Header.RING_RECORDS);
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

/** A count of 64 bits in two words. */
export function longAt(words: Int32Array, low: number, high: number): number {
  return wordAt(words, high) * 0x100000000 + (wordAt(words, low) >>> 0);
}

/** Zero where there is none. */
export function wordAt(words: Int32Array, index: number): number {
  return words[index] ?? 0;
}
