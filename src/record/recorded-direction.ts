import type { Direction, Half } from '../poll/direction.ts';
import { PENDING } from '../poll/pending.ts';
import { Flag, Kind, SocketState } from '../trace/event-kind.ts';
import type { Recorder } from '../trace/recorder.ts';

type State = 'running' | 'shutting-down' | 'done';

const STATE_FLAGS: Readonly<Record<State, number>> = {
  running: 0,
  'shutting-down': 1 << Flag.STATE_SHIFT,
  done: 2 << Flag.STATE_SHIFT,
};

/**
 * One direction of a copy that is not ours, told in the events of a copy. A stream that pushes has no calls to answer, so
 * each method says which event stands for what was seen.
 *
 * After a failure of a half nothing more is recorded of it.
 */
export class RecordedDirection {
  readonly #direction: Direction;
  readonly #recorder: Recorder;
  readonly #connection: number;
  #state: State = 'running';
  #amt = 0;
  #readDone = false;
  #hasReadFailed = false;
  #needFlush = false;
  #isFull = false;
  #hasWriteFailed = false;

  constructor(direction: Direction, recorder: Recorder, connection: number) {
    this.#direction = direction;
    this.#recorder = recorder;
    this.#connection = connection;
  }

  get isRunning(): boolean {
    return this.#state === 'running';
  }

  /** Bytes handed over to whoever reads. */
  read(n: number): void {
    if (n > 0) this.#record(Kind.READ | Flag.CHUNK, 0, n, n);
  }

  readEnded(): void {
    if (this.#readDone || this.#hasReadFailed) return;
    this.#beneath(Kind.SOCKET, SocketState.ENDED);
    this.#record(Kind.READ | Flag.CHUNK, 0, 0, 0);
    this.#readDone = true;
  }

  /** @param unread bytes that had arrived and that nobody took. */
  readFailed(unread: number): void {
    if (this.#readDone || this.#hasReadFailed) return;
    this.#hasReadFailed = true;
    this.#failed('read', unread);
    this.#record(Kind.READ | Flag.FAILED, 0, 0, 0);
  }

  /** Bytes given to the writer, which takes whatever it is given. @param isHeld until a flush. */
  wrote(n: number, isHeld = false): void {
    if (n === 0) return;
    this.#record(Kind.WRITE, n, n, n);
    this.#amt += n;
    if (isHeld) this.#needFlush = true;
  }

  /** A write to what had been ended or destroyed. */
  refused(n: number): void {
    this.#record(Kind.WRITE | Flag.FAILED, n, 0, n);
  }

  /** The writer has so many bytes unsent that whoever writes is to wait; told again if he does not. */
  filled(queuedBytes: number, markBytes: number): void {
    this.#beneath(Kind.QUEUE | Flag.WRITE_HALF, queuedBytes, markBytes);
    if (this.#isFull) return;
    this.#isFull = true;
    this.#beneath(Kind.REGISTER | Flag.WRITE_HALF, 0);
  }

  /** The pause is over. */
  drained(): void {
    if (!this.#isFull) return;
    this.#isFull = false;
    this.#beneath(Kind.WAKE | Flag.WRITE_HALF, 0);
  }

  flushed(): void {
    if (!this.#needFlush) return;
    this.#record(Kind.FLUSH, 0, 0, 0);
    this.#needFlush = false;
  }

  /** The writer was told that nothing more comes. */
  shutDown(): void {
    if (this.#state !== 'running' || this.#hasWriteFailed) return;
    this.#become('shutting-down');
    this.#record(Kind.SHUTDOWN, 0, PENDING, 0);
  }

  /** The peer is asked for a sign of life, or for the answer to a Close; and has given it. */
  asked(): void {
    this.#beneath(Kind.SOCKET | Flag.WRITE_HALF, SocketState.ASKED);
  }

  answered(): void {
    this.#beneath(Kind.SOCKET | Flag.WRITE_HALF, SocketState.ANSWERED);
  }

  /** Everything was sent, and the end as well. */
  shutDownDone(): void {
    if (this.#state === 'done' || this.#hasWriteFailed) return;
    this.shutDown();
    this.#beneath(Kind.SOCKET | Flag.WRITE_HALF, SocketState.END_SENT);
    this.#record(Kind.SHUTDOWN, 0, 0, 0);
    this.#become('done');
  }

  /** The writer has gone, with nothing left to send, and nobody had shut it down. */
  over(): void {
    if (this.#state === 'done' || this.#hasWriteFailed) return;
    this.#beneath(Kind.SOCKET | Flag.WRITE_HALF, SocketState.CLOSED);
    this.#become('done');
  }

  /** @param unsent bytes that were given to it and did not go out. */
  writeFailed(unsent: number): void {
    if (this.#state === 'done' || this.#hasWriteFailed) return;
    this.#hasWriteFailed = true;
    this.#failed('write', unsent);
    this.#record((this.#state === 'running' ? Kind.WRITE : Kind.SHUTDOWN) | Flag.FAILED, 0, 0, 0);
  }

  #failed(half: Half, lostBytes: number): void {
    const kind = Kind.SOCKET | (half === 'read' ? 0 : Flag.WRITE_HALF);
    this.#beneath(kind, SocketState.FAILED);
    if (lostBytes > 0) this.#beneath(kind, SocketState.DISCARDED, lostBytes);
  }

  #become(state: State): void {
    this.#state = state;
    this.#record(Kind.STATE, 0, this.#amt, 0);
  }

  #record(kind: number, cap: number, n: number, offered: number): void {
    const head =
      kind | (this.#readDone ? Flag.READ_DONE : 0) | (this.#needFlush ? Flag.NEED_FLUSH : 0) | STATE_FLAGS[this.#state];
    this.#event(head, cap, n, offered);
  }

  /** What is of a stream rather than of the copy. */
  #beneath(head: number, n: number, offered = 0): void {
    this.#event(head, 0, n, offered);
  }

  #event(head: number, cap: number, n: number, offered: number): void {
    const way = this.#direction === 'a -> b' ? 0 : Flag.B_TO_A;
    // No poll stamps these.
    this.#recorder.tick();
    this.#recorder.event(head | way, this.#connection, 0, cap, n, offered);
  }
}
