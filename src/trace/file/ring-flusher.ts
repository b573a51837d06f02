import { systemClock, type Clock } from '../../poll/clock.ts';
import { WORDS_PER_RECORD } from '../ring-layout.ts';
import { snapshotRing } from '../ring-snapshot.ts';
import type { TraceItem } from '../trace-item.ts';
import { ProvisionalTail } from './provisional-tail.ts';

/** While a loop spins, its counts are written at intervals that double between these: a day of it stays small. */
const FIRST_INTERVAL_MS = 5;
const LAST_INTERVAL_MS = 1000;

export interface RingFlusherOptions {
  readonly clock?: Clock;
}

/**
 * Writes a recorder's ring into a trace bit by bit, from any thread, while it is recorded into. What has happened is
 * written at once; that a loop has gone round again, now and then.
 *
 *     const flusher = new RingFlusher(recorder.buffer, new TraceWriter('relay.trace'));
 *     // Every 5 ms, where an event loop still turns:
 *     flusher.flush();
 */
export class RingFlusher {
  readonly #buffer: SharedArrayBuffer;
  readonly #writer: { append(item: TraceItem): void };
  readonly #clock: Clock;
  readonly #tail = new ProvisionalTail();
  #intervalMs = FIRST_INTERVAL_MS;
  #nextMs = Number.NEGATIVE_INFINITY;

  constructor(
    buffer: SharedArrayBuffer,
    writer: { append(item: TraceItem): void },
    { clock = systemClock }: RingFlusherOptions = {},
  ) {
    this.#buffer = buffer;
    this.#writer = writer;
    this.#clock = clock;
  }

  /**
   * Appends what is new. `onRecords` gets the same: a `firstSeq` lower than expected takes records back.
   *
   * Throws what the writer throws (what it did not take is tried again next time), and RING_MALFORMED.
   */
  flush(onRecords?: (firstSeq: number, words: Int32Array) => void): void {
    this.#flush(onRecords, false);
  }

  /** The last flush: counts, too, as they stand now. */
  finish(onRecords?: (firstSeq: number, words: Int32Array) => void): void {
    this.#flush(onRecords, true);
  }

  #flush(onRecords: ((firstSeq: number, words: Int32Array) => void) | undefined, isLast: boolean): void {
    for (const { firstSeq, words } of snapshotRing(this.#buffer, this.#tail.firstSeq)) {
      const change = this.#tail.compare(firstSeq, words);
      if (change === null) continue;
      const nowMs = this.#clock.nowMs();
      if (!change.isNew && !isLast && nowMs < this.#nextMs) continue;
      this.#intervalMs = change.isNew ? FIRST_INTERVAL_MS : Math.min(this.#intervalMs * 2, LAST_INTERVAL_MS);
      this.#nextMs = nowMs + this.#intervalMs;
      const changed = words.subarray(Math.max(0, change.firstSeq - firstSeq) * WORDS_PER_RECORD);
      const from = Math.max(firstSeq, change.firstSeq);
      this.#writer.append({ kind: 'records', firstSeq: from, words: changed });
      this.#tail.store(from, changed);
      onRecords?.(from, changed);
    }
  }
}
