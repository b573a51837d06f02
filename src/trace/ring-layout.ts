/**
 * A ring of fixed 32-byte records (eight 32-bit words) in shared memory, after a header of sixteen words.
 *
 *     header | kept: the first records, never overwritten | ring: the latest records
 *
 * Record i of the trace is in the kept part while i < keptRecords, else in the ring at (i − keptRecords) mod ringRecords.
 */
export const WORDS_PER_RECORD = 8;
export const HEADER_WORDS = 16;
export const RING_MAGIC = 0x52534331; // "RSC1"

/** Word positions in the header. */
export const Header = {
  MAGIC: 0,
  KEPT_RECORDS: 1,
  RING_RECORDS: 2,
  /** Records written so far: low 32 bits, then high. */
  HEAD_LOW: 3,
  HEAD_HIGH: 4,
  /** Milliseconds since the trace began; whoever has a running timer stores it (a supervisor, while the copy is frozen). */
  TICK_MS: 5,
  /** Counts repeats, and wraps: it moves as long as a collapsed loop spins. */
  REPEATS: 6,
  /** The highest that the head has ever been, low and high: it goes back when polls are collapsed. */
  WRITTEN_LOW: 7,
  WRITTEN_HIGH: 8,
  /** How often the head has gone back, and wraps: a reader that sees it move begins anew. */
  REWINDS: 9,
  /** Polls so far, those included that were collapsed: low and high. */
  POLLS_LOW: 10,
  POLLS_HIGH: 11,
} as const;

/** Word positions in a record. */
export const Word = {
  /** Kind and flags: event-kind.ts. */
  HEAD: 0,
  CONNECTION: 1,
  /** poll: microseconds since the trace began, low 31 bits. */
  POS: 2,
  /** poll: 20 more bits of that time, then 12 more of the poll's number. */
  CAP: 3,
  /** What a call returned; state: the transfer's amount; poll: its number, low 32 bits. */
  N: 4,
  /** What a call was offered; loop and poll, once repeated: the tick of the last repeat. */
  OFFERED: 5,
  TICK_MS: 6,
  /** How often this record stands again: a loop alone, a poll together with the records up to the next poll. */
  REPEAT: 7,
} as const;

/** Repeats beyond this begin a new record, so that no count overflows. */
export const MAX_REPEAT = 0x7fffffff;

/** A poll's time: bits of the high part, after the 31 of the low one; together 71 years of microseconds. */
const TIME_HIGH_BITS = 20;

/** The word of a poll that holds what is above its time's 31 bits and its number's 32. */
export function pollHighWord(timeHigh: number, numberHigh: number): number {
  return (timeHigh & ((1 << TIME_HIGH_BITS) - 1)) | (numberHigh << TIME_HIGH_BITS);
}

export function pollTimeHigh(word: number): number {
  return word & ((1 << TIME_HIGH_BITS) - 1);
}

export function pollNumberHigh(word: number): number {
  return word >>> TIME_HIGH_BITS;
}

export function ringBytes(keptRecords: number, ringRecords: number): number {
  return (HEADER_WORDS + (keptRecords + ringRecords) * WORDS_PER_RECORD) * 4;
}

/** The first word of record `index`. */
export function recordOffset(index: number, keptRecords: number, ringRecords: number): number {
  const slot = index < keptRecords ? index : keptRecords + ((index - keptRecords) % ringRecords);
  return HEADER_WORDS + slot * WORDS_PER_RECORD;
}
