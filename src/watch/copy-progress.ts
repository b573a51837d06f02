import { Flag, Kind } from '../trace/event-kind.ts';
import { Word } from '../trace/ring-layout.ts';
import { ConnectionProgress, type DirectionProgress } from './connection-progress.ts';
import type { RingTailListener } from './ring-tail.ts';

/** Beyond so many at once the oldest is forgotten. */
const MAX_CONNECTIONS = 10_000;
/** Polls further apart than this do not follow each other closely: nothing goes round there. */
const CLOSE_MS = 200;
const DONE = 2;

/** Where the watched thread was when it recorded last. */
export interface LatestRecord {
  readonly kind: number;
  readonly connection: number;
  readonly direction: 'a -> b' | 'b -> a';
}

/**
 * Folds raw records into what each copy has moved and waits for. Whoever feeds it says what time it is (`nowMs`): the
 * records' own tick stands still while their thread is frozen.
 */
export class CopyProgress implements RingTailListener {
  /** Those that have not ended, by number. */
  readonly connections = new Map<number, ConnectionProgress>();
  /** Bytes read and written in all. Polls in all, repeats included. */
  bytes = 0;
  polls = 0;
  latest: LatestRecord | null = null;
  nowMs = 0;

  record(words: Int32Array, at: number): void {
    const head = words[at] ?? 0;
    const number = words[at + Word.CONNECTION] ?? 0;
    const kind = head & Flag.KIND_MASK;
    // Extensions have no connection, and what is not of a connection is not of a copy.
    if (kind === Kind.EXTENSION || number === 0) return;
    this.latest = { kind, connection: number, direction: (head & Flag.B_TO_A) === 0 ? 'a -> b' : 'b -> a' };
    if (kind === Kind.POLL) {
      const connection = this.#connection(number);
      connection.pollRecords += 1;
      this.#poll(connection, 1 + (words[at + Word.REPEAT] ?? 0));
      return;
    }
    // A poll comes first. What has ended may still be woken.
    const connection = this.connections.get(number);
    if (connection === undefined) return;
    const direction = (head & Flag.B_TO_A) === 0 ? connection.aToB : connection.bToA;
    this.#fold(kind, head, words[at + Word.N] ?? 0, connection, direction);
  }

  /** Said by whoever knows; a copy that was aborted leaves no record of it. */
  ended(connection: number): void {
    this.connections.delete(connection);
  }

  repeat(words: Int32Array, at: number, times: number): void {
    const head = words[at] ?? 0;
    if ((head & Flag.KIND_MASK) !== Kind.POLL) return;
    const connection = this.connections.get(words[at + Word.CONNECTION] ?? 0);
    if (connection !== undefined) this.#poll(connection, times);
  }

  #fold(kind: number, head: number, n: number, connection: ConnectionProgress, direction: DirectionProgress): void {
    switch (kind) {
      case Kind.READ:
        direction.read.called(n, connection.pollRecords);
        if (n > 0 && (head & Flag.EXTENDED) === 0) this.#move(connection, n);
        break;
      case Kind.WRITE:
        direction.write.called(n, connection.pollRecords);
        if (n > 0 && (head & Flag.EXTENDED) === 0) {
          direction.bytes += n;
          this.#move(connection, n);
        }
        break;
      case Kind.FLUSH:
      case Kind.SHUTDOWN:
        direction.write.called(n, connection.pollRecords);
        break;
      case Kind.REGISTER:
        ((head & Flag.WRITE_HALF) === 0 ? direction.read : direction.write).isRegistered = true;
        break;
      case Kind.WAKE:
        ((head & Flag.WRITE_HALF) === 0 ? direction.read : direction.write).isRegistered = false;
        connection.isWoken = true;
        break;
      case Kind.STATE:
        direction.isDone = ((head >>> Flag.STATE_SHIFT) & Flag.STATE_MASK) === DONE;
        this.#move(connection, 0);
        if (connection.aToB.isDone && connection.bToA.isDone) connection.hasEnded = true;
        break;
    }
    // A call that threw ends its copy, and so does what the copy says of itself.
    if ((head & Flag.FAILED) !== 0 || kind === Kind.VERDICT) connection.hasEnded = true;
    if (connection.hasEnded) this.connections.delete(connection.connection);
  }

  #poll(connection: ConnectionProgress, times: number): void {
    if (this.nowMs - connection.polledAtMs > CLOSE_MS) {
      connection.idleSinceMs = this.nowMs;
      connection.idlePolls = 0;
    }
    connection.polls += times;
    connection.idlePolls += times;
    connection.polledAtMs = this.nowMs;
    connection.isWoken = false;
    this.polls += times;
  }

  #move(connection: ConnectionProgress, bytes: number): void {
    this.bytes += bytes;
    connection.movedAtMs = this.nowMs;
    connection.idleSinceMs = this.nowMs;
    connection.idlePolls = 0;
  }

  #connection(number: number): ConnectionProgress {
    const known = this.connections.get(number);
    if (known !== undefined) return known;
    if (this.connections.size >= MAX_CONNECTIONS) {
      const [oldest] = this.connections.keys();
      if (oldest !== undefined) this.connections.delete(oldest);
    }
    const made = new ConnectionProgress(number, this.nowMs);
    this.connections.set(number, made);
    return made;
  }
}
