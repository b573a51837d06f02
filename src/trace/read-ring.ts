import { decodeRecords } from './decode-records.ts';
import { Header, WORDS_PER_RECORD } from './ring-layout.ts';
import { openRing, wordAt } from './ring-memory.ts';
import { snapshotRing } from './ring-snapshot.ts';
import type { TraceEvent } from './trace-event.ts';

/**
 * Reads the events out of a recorder's shared memory, from any thread. Exact while the recording thread stands still
 * (it is frozen, has ended, or is this one); while it runs, the latest records may be missing, or be counted already in
 * a repeat. What the ring has lost is one `gap` event, whose `n` is the number of records missing.
 *
 * Throws RING_MALFORMED if the memory is no recorder's.
 */
export function readRing(buffer: SharedArrayBuffer): TraceEvent[] {
  const events: TraceEvent[] = [];
  let next = 0;
  for (const { firstSeq, words } of snapshotRing(buffer, 0)) {
    if (firstSeq > next) events.push({ seq: next, kind: 'gap', connection: 0, tickMs: 0, n: firstSeq - next });
    // Not spread: there may be a million.
    for (const event of decodeRecords(words, firstSeq)) events.push(event);
    next = firstSeq + words.length / WORDS_PER_RECORD;
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
  return { records: wordAt(words, Header.WRITTEN_LOW), repeats: wordAt(words, Header.REPEATS) };
}

/** Moves the coarse tick on; for whoever watches from outside while the recording thread cannot look at a clock. */
export function advanceTick(buffer: SharedArrayBuffer, byMs: number): void {
  Atomics.add(openRing(buffer), Header.TICK_MS, Math.round(byMs));
}
