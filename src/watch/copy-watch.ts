import type { Verdict } from '../trace/trace-note.ts';
import { spanOf, type ConnectionProgress } from './connection-progress.ts';
import type { CopyProgress } from './copy-progress.ts';

/** Fewer polls than this in the time of the limit are no livelock: something may poll for a reason, now and then. */
const LEAST_POLLS = 25;
/** Whoever livelocks has polled so lately. */
const LATELY_MS = 100;

type Told = { readonly outcome: 'parked' | 'livelocked'; readonly atMs: number };

/**
 * Finds copies that are stuck while the event loop turns: polls that move no byte, and halves that nobody will wake.
 * Each is told once, and once more when bytes move again.
 */
export class CopyWatch {
  readonly #progress: CopyProgress;
  readonly #limitMs: number;
  readonly #told = new Map<number, Told>();
  /** The watcher was away until then: what it has not seen it must not hold against anybody. */
  #sinceMs = 0;

  constructor(progress: CopyProgress, limitMs: number) {
    this.#progress = progress;
    this.#limitMs = limitMs;
  }

  rearm(nowMs: number): void {
    this.#sinceMs = nowMs;
  }

  /** @param nowMs as the progress has it. */
  look(nowMs: number): Verdict[] {
    const verdicts: Verdict[] = [];
    for (const [connection, told] of this.#told) {
      const one = this.#progress.connections.get(connection);
      if (one !== undefined && one.movedAtMs <= told.atMs) continue;
      this.#told.delete(connection);
      if (one !== undefined) verdicts.push(recovered(one, told, nowMs));
    }
    for (const one of this.#progress.connections.values()) {
      if (this.#told.has(one.connection)) continue;
      const verdict = this.#livelocked(one, nowMs) ?? this.#parked(one, nowMs);
      if (verdict === null) continue;
      this.#told.set(one.connection, verdict);
      verdicts.push(verdict);
    }
    return verdicts;
  }

  #livelocked(one: ConnectionProgress, nowMs: number): (Verdict & Told) | null {
    const idleMs = nowMs - Math.max(one.idleSinceMs, this.#sinceMs);
    if (idleMs < this.#limitMs || nowMs - one.polledAtMs > LATELY_MS) return null;
    if (one.idlePolls * this.#limitMs < LEAST_POLLS * idleMs) return null;
    const { connection, directions } = one;
    // The direction that was called in the latest poll and has not ended is the one that goes round.
    const active =
      directions.find(({ isDone, read, write }) => !isDone && (read.waits || write.waits)) ?? directions[0];
    const { direction, read, write } = active;
    const returns = `read returned ${read.latest}, write ${write.latest}`;
    return {
      outcome: 'livelocked',
      message: `Polls move no byte: ${one.idlePolls} polls of connection ${connection} in ${spanOf(idleMs)}; ${direction}: ${returns}`,
      atMs: nowMs,
      silentMs: Math.round(nowMs - one.movedAtMs),
      loop: 'event-loop',
      where: 'copy',
      connection,
      direction,
      rounds: one.idlePolls,
    };
  }

  #parked(one: ConnectionProgress, nowMs: number): (Verdict & Told) | null {
    const quietMs = nowMs - Math.max(one.polledAtMs, this.#sinceMs);
    const { forgotten, connection } = one;
    if (quietMs < this.#limitMs || forgotten === null) return null;
    const { direction, half } = forgotten;
    return {
      outcome: 'parked',
      message: `Nobody will wake the ${half} half of ${direction} of connection ${connection}: it returned Pending without a registered waker, and nothing has polled for ${spanOf(quietMs)}`,
      atMs: nowMs,
      silentMs: Math.round(nowMs - one.movedAtMs),
      where: 'copy',
      connection,
      direction,
      half,
    };
  }
}

function recovered({ connection }: ConnectionProgress, { outcome, atMs }: Told, nowMs: number): Verdict {
  return {
    outcome: 'recovered',
    message: `Bytes move again on connection ${connection}, ${spanOf(nowMs - atMs)} after it was ${outcome}`,
    atMs: nowMs,
    connection,
    where: 'copy',
  };
}
