import type { Recorder } from '../../src/trace/recorder.ts';
import { CopyProgress } from '../../src/watch/copy-progress.ts';
import { RingTail } from '../../src/watch/ring-tail.ts';
import type { TapConnection } from './tap-connection.ts';

/** A connection on which nothing moves. */
export interface QuietConnection {
  readonly connection: number;
  readonly a: string;
  readonly b: string;
  /** Milliseconds since its last byte, or since it was opened. */
  readonly quietMs: number;
  /** Bytes lie here that one side does not take; not only silence. */
  readonly isHeldUp: boolean;
  /** Who waits for whom: `a -> b waits for a to send, since 12 s`. */
  readonly waits: readonly string[];
}

export interface TapSnapshot {
  readonly open: number;
  readonly ended: number;
  /** Bytes of all connections so far. */
  readonly aToB: number;
  readonly bToA: number;
  /** Of those that have been quiet for a second: first those that are held up, then the longest; at most 16. */
  readonly quiet: readonly QuietConnection[];
}

const MAX_QUIET = 16;
const QUIET_MS = 1000;

interface Watched {
  bytes: number;
  movedMs: number;
}

/** What a tap's connections have moved, and what they wait for. */
export class TapStatus {
  readonly #recorder: Recorder;
  readonly #progress = new CopyProgress();
  readonly #tail: RingTail;
  readonly #open = new Map<TapConnection, Watched>();
  #missed = 0;
  #ended = 0;
  #aToB = 0;
  #bToA = 0;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
    this.#tail = new RingTail(recorder.buffer, this.#progress);
  }

  opened(connection: TapConnection): void {
    this.#open.set(connection, { bytes: 0, movedMs: this.#recorder.elapsedMs() });
  }

  ended(connection: TapConnection): void {
    const { aToB, bToA } = connection.bytes;
    this.#open.delete(connection);
    this.#progress.connections.delete(connection.connection);
    this.#ended += 1;
    this.#aToB += aToB;
    this.#bToA += bToA;
  }

  /** Takes in what was recorded since the last call; often enough, that is before the ring has been overwritten. */
  look(): void {
    const nowMs = this.#recorder.elapsedMs();
    this.#progress.nowMs = nowMs;
    this.#tail.read();
    // What has been missed may have been what a half waits for: better to know nothing.
    if (this.#tail.missed !== this.#missed) this.#progress.connections.clear();
    this.#missed = this.#tail.missed;
    for (const [connection, watched] of this.#open) {
      const { aToB, bToA } = connection.bytes;
      if (watched.bytes !== aToB + bToA) watched.movedMs = nowMs;
      watched.bytes = aToB + bToA;
    }
  }

  snapshot(): TapSnapshot {
    this.look();
    let [aToB, bToA] = [this.#aToB, this.#bToA];
    const quiet: QuietConnection[] = [];
    const nowMs = this.#recorder.elapsedMs();
    for (const [one, { movedMs }] of this.#open) {
      aToB += one.bytes.aToB;
      bToA += one.bytes.bToA;
      const quietMs = nowMs - movedMs;
      if (quietMs < QUIET_MS) continue;
      const { connection, a, b } = one;
      const isHeldUp = this.#isHeldUp(one);
      quiet.push({ connection, a, b, quietMs: Math.round(quietMs), isHeldUp, waits: this.#waits(one, nowMs) });
    }
    quiet.sort((one, other) => Number(other.isHeldUp) - Number(one.isHeldUp) || other.quietMs - one.quietMs);
    return { open: this.#open.size, ended: this.#ended, aToB, bToA, quiet: quiet.slice(0, MAX_QUIET) };
  }

  #isHeldUp(one: TapConnection): boolean {
    const directions = this.#progress.connections.get(one.connection)?.directions ?? [];
    return one.isConnecting || directions.some(({ isDone, write }) => !isDone && write.waits);
  }

  #waits(one: TapConnection, nowMs: number): readonly string[] {
    if (one.isConnecting) return ['b has not accepted the connection so far'];
    return this.#progress.connections.get(one.connection)?.waits(nowMs) ?? [];
  }
}
