import { Kind } from '../../../src/trace/event-kind.ts';
import { CopyProgress } from '../../../src/watch/copy-progress.ts';
import type { Recorded, RecordedSoFar } from '../../../src/watch/recorded.ts';
import { RingTail } from '../../../src/watch/ring-tail.ts';
import type { LentRing } from './guard-desk.ts';

/** What the copies of one recorder do between two looks at a thread that stands still at both. */
export class RingCounter {
  readonly ring: LentRing;
  readonly #progress = new CopyProgress();
  readonly #tail: RingTail;
  readonly #start: RecordedSoFar;

  /** Throws RING_MALFORMED. */
  constructor(ring: LentRing) {
    this.ring = ring;
    this.#tail = new RingTail(ring.buffer, this.#progress);
    this.#start = this.#read();
  }

  /** What has been recorded since the first look; null if there is nothing at all. */
  since(): Recorded | null {
    const start = this.#start;
    const now = this.#read();
    const { latest } = this.#progress;
    if (latest === null) return null;
    const repeats = (now.repeats - start.repeats) >>> 0;
    const polls = now.polls - start.polls;
    const { connection, direction } = latest;
    // A repeated poll is a repeat, too, but not one of a loop without I/O.
    const isLoop = latest.kind === Kind.LOOP && repeats > 0 && polls === 0;
    return {
      rounds: isLoop ? repeats : 0,
      records: isLoop ? 0 : ((now.records - start.records) >>> 0) + polls,
      bytes: now.bytes - start.bytes,
      connection,
      direction,
    };
  }

  #read(): RecordedSoFar {
    this.#tail.read();
    const { repeats, written } = this.#tail;
    return { repeats, records: written, polls: this.#progress.polls, bytes: this.#progress.bytes };
  }
}
