import { Header, WORDS_PER_RECORD } from './ring-layout.ts';
import { copyRecords, longAt, openRing, wordAt } from './ring-memory.ts';
import type { TraceItem } from './trace-item.ts';

/** How often a copy is made anew because records were taken back meanwhile; a loop of polls takes some back all the time. */
const MAX_COPIES = 8;

/** Consecutive records of a ring. */
export interface RingSegment {
  readonly firstSeq: number;
  readonly words: Int32Array;
}

/**
 * Copies the records of a ring from number `from` on, while another thread may record into it. Most often that is one
 * segment, which is empty if there are no more records; two, if the ring has lost what was between; none if there are
 * fewer than `from`. Exact while the recording thread stands still; else the latest records may be missing, or be counted
 * already in a repeat.
 *
 * Throws RING_MALFORMED if the memory is no recorder's.
 */
export function snapshotRing(buffer: SharedArrayBuffer, from: number): RingSegment[] {
  const words = openRing(buffer);
  const kept = wordAt(words, Header.KEPT_RECORDS);
  for (let copies = 1; ; copies += 1) {
    const rewinds = Atomics.load(words, Header.REWINDS);
    const before = longAt(words, Header.HEAD_LOW, Header.HEAD_HIGH);
    const start = Math.max(from, kept, oldestSeq(words));
    const first = copyRecords(words, from, Math.min(kept, before));
    const latest = copyRecords(words, start, before);
    const after = longAt(words, Header.HEAD_LOW, Header.HEAD_HIGH);
    const isSteady = Atomics.load(words, Header.REWINDS) === rewinds && after >= before;
    if (!isSteady && copies < MAX_COPIES) continue;
    const head = Math.min(before, after);
    // What was written while we copied may have gone over the oldest records.
    const oldest = Math.max(start, oldestSeq(words));
    const segments = [slice(first, from, from, Math.min(kept, head)), slice(latest, start, oldest, head)];
    return joined(from, head, segments);
  }
}

/** The records of a ring as items of a trace. */
export function* ringItems(buffer: SharedArrayBuffer): Generator<TraceItem> {
  for (const segment of snapshotRing(buffer, 0)) {
    if (segment.words.length > 0) yield { kind: 'records', ...segment };
  }
}

/** The records `from` … `to` of those that begin at `firstSeq`. */
function slice(words: Int32Array, firstSeq: number, from: number, to: number): RingSegment {
  const end = Math.max(from, to) - firstSeq;
  return { firstSeq: from, words: words.subarray((from - firstSeq) * WORDS_PER_RECORD, end * WORDS_PER_RECORD) };
}

function joined(from: number, head: number, segments: readonly RingSegment[]): RingSegment[] {
  const [first, second] = segments.filter(({ words }) => words.length > 0);
  if (first === undefined) return head === from ? [{ firstSeq: from, words: new Int32Array(0) }] : [];
  if (second === undefined) return [first];
  if (first.firstSeq + first.words.length / WORDS_PER_RECORD !== second.firstSeq) return [first, second];
  const words = new Int32Array(first.words.length + second.words.length);
  words.set(first.words);
  words.set(second.words, first.words.length);
  return [{ firstSeq: first.firstSeq, words }];
}

/** The oldest record that the ring proper still has; while it has not wrapped, the first. */
function oldestSeq(words: Int32Array): number {
  const written = longAt(words, Header.WRITTEN_LOW, Header.WRITTEN_HIGH);
  return Math.max(0, written - wordAt(words, Header.RING_RECORDS));
}
