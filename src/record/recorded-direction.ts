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
 * Of a half that has failed, or was dropped, nothing more is recorded.
 */
export class RecordedDirection {
  readonly #direction: Direction;
  readonly #recorder: Recorder;
  readonly #connection: number;
  #state: State = 'running';
  #amt = 0;
  #readDone = false;
  #isReadOver = false;
  #needFlush = false;
  /** The writer has been registered for a wake: it is full, or its shutdown is under way. */
  #isWaiting = false;
  #isShutDown = false;
  #isWriteOver = false;

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
    if (n > 0) this.#call(Kind.READ | Flag.CHUNK, 0, n, n);
  }

  readEnded(): void {
    if (this.#isReadOver) return;
    this.#isReadOver = true;
    this.#beneath('read', Kind.SOCKET, SocketState.ENDED);
    this.#call(Kind.READ | Flag.CHUNK, 0, 0, 0);
    this.#readDone = true;
    // Its writer may have ended before: a socket that is not to be half-open ends itself when its peer does.
    if (this.#isShutDown) this.#become('done');
  }

  /** So many bytes have arrived, and nobody has taken them yet. */
  holds(unread: number): void {
    if (unread > 0 && !this.#isReadOver) this.#beneath('read', Kind.QUEUE, unread);
  }

  /** @param unread bytes that had arrived and that nobody took. */
  readFailed(unread: number): void {
    if (this.#isReadOver) return;
    this.#isReadOver = true;
    this.#gone('read', SocketState.FAILED, unread);
    this.#call(Kind.READ | Flag.FAILED, 0, 0, 0);
  }

  /** Its owner has destroyed it, which is no answer of the stream to anything. */
  readDropped(unread: number): void {
    if (this.#isReadOver) return;
    this.#isReadOver = true;
    this.#gone('read', SocketState.CLOSED, unread);
  }

  /** Bytes given to the writer, which takes whatever it is given. @param isHeld until a flush. */
  wrote(n: number, isHeld = false): void {
    if (n === 0) return;
    this.#call(Kind.WRITE, n, n, n);
    this.#amt += n;
    if (isHeld) this.#needFlush = true;
  }

  /** A write to what had been ended or destroyed. */
  refused(n: number): void {
    this.#call(Kind.WRITE | Flag.FAILED, n, 0, n);
  }

  /** The writer has so many bytes unsent that whoever writes is to wait; told again if he does not. */
  filled(queuedBytes: number, markBytes: number): void {
    this.#beneath('write', Kind.QUEUE, queuedBytes, markBytes);
    this.#wait();
  }

  drained(): void {
    if (this.#state === 'running') this.#woken();
  }

  flushed(): void {
    if (!this.#needFlush) return;
    this.#call(Kind.FLUSH, 0, 0, 0);
    this.#needFlush = false;
  }

  /** The writer was told that nothing more comes. */
  shutDown(): void {
    if (this.#state !== 'running' || this.#isWriteOver) return;
    this.#woken();
    this.#become('shutting-down');
    this.#wait();
    this.#call(Kind.SHUTDOWN, 0, PENDING, 0);
  }

  /** The peer is asked for a sign of life, or for the answer to a Close; and has given it. */
  asked(): void {
    this.#beneath('write', Kind.SOCKET, SocketState.ASKED);
  }

  answered(): void {
    this.#beneath('write', Kind.SOCKET, SocketState.ANSWERED);
  }

  /** Everything was sent, and the end as well. */
  shutDownDone(): void {
    if (this.#isShutDown || this.#isWriteOver) return;
    this.shutDown();
    this.#isShutDown = true;
    this.#woken();
    this.#beneath('write', Kind.SOCKET, SocketState.END_SENT);
    this.#call(Kind.SHUTDOWN, 0, 0, 0);
    if (this.#isReadOver) this.#become('done');
  }

  /** @param unsent bytes that were given to it and did not go out. */
  writeFailed(unsent: number): void {
    if (this.#isShutDown || this.#isWriteOver) return;
    this.#isWriteOver = true;
    this.#gone('write', SocketState.FAILED, unsent);
    this.#call((this.#state === 'running' ? Kind.WRITE : Kind.SHUTDOWN) | Flag.FAILED, 0, 0, 0);
  }

  /** It is closed, by its owner or by its peer, and nobody had shut it down. */
  writeDropped(unsent: number): void {
    if (this.#isShutDown || this.#isWriteOver) return;
    this.#isWriteOver = true;
    this.#gone('write', SocketState.CLOSED, unsent);
    if (this.#readDone && this.#state === 'running' && unsent === 0) this.#become('done');
  }

  #gone(half: Half, how: number, lostBytes: number): void {
    if (half === 'write') this.#woken();
    this.#beneath(half, Kind.SOCKET, how);
    if (lostBytes > 0) this.#beneath(half, Kind.SOCKET, SocketState.DISCARDED, lostBytes);
  }

  #wait(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#beneath('write', Kind.REGISTER, 0);
  }

  #woken(): void {
    if (!this.#isWaiting) return;
    this.#isWaiting = false;
    this.#beneath('write', Kind.WAKE, 0);
  }

  #become(state: State): void {
    this.#state = state;
    this.#call(Kind.STATE, 0, this.#amt, 0);
  }

  #call(kind: number, cap: number, n: number, offered: number): void {
    const flags =
      (this.#readDone ? Flag.READ_DONE : 0) | (this.#needFlush ? Flag.NEED_FLUSH : 0) | STATE_FLAGS[this.#state];
    this.#event(kind | flags, cap, n, offered);
  }

  /** What is of a stream rather than of the copy. */
  #beneath(half: Half, kind: number, n: number, offered = 0): void {
    this.#event(kind | (half === 'read' ? 0 : Flag.WRITE_HALF), 0, n, offered);
  }

  #event(head: number, cap: number, n: number, offered: number): void {
    const way = this.#direction === 'a -> b' ? 0 : Flag.B_TO_A;
    // No poll stamps these.
    this.#recorder.tick();
    this.#recorder.event(head | way, this.#connection, 0, cap, n, offered);
  }
}
