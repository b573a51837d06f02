import type { Context, Waker } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import { pollAfterTurn } from '../../../src/poll/turn.ts';
import { WakeSlot } from '../../../src/streams/wake-slot.ts';
import type { ActiveFault } from '../active-fault.ts';
import { PassingStream } from '../poll/passing-stream.ts';

/** So many bytes are on their way at most; then who writes has to wait, as for a full network. */
const MAX_QUEUED_BYTES = 1024 * 1024;
/** And in so many pieces: a piece of one byte costs some hundred, and a million of them would be a process's memory. */
const MAX_QUEUED_PIECES = 16_384;

/** So many of the bytes that are offered go on together, and when. */
export interface Piece {
  readonly bytes: number;
  readonly dueMs: number;
}

interface Queued {
  readonly bytes: Uint8Array;
  start: number;
  readonly dueMs: number;
}

/**
 * A stream whose writes arrive later than they are taken: bytes wait in a queue until they are due, and the end of the
 * stream comes after them. Order is kept.
 */
export class DelayedStream extends PassingStream {
  readonly #pieceOf: (bytes: number, nowMs: number) => Piece;
  readonly #queue: Queued[] = [];
  readonly #writing = new WakeSlot();
  readonly #ending = new WakeSlot();
  #queuedBytes = 0;
  #end: 'none' | 'asked' | 'done' = 'none';
  #failure: Error | null = null;
  #cancel: () => void = () => undefined;
  #context: Context | null = null;
  #isPumping = false;

  /** @param pieceOf is asked again until all that was offered is in pieces; their times never go back. */
  constructor(inner: PollStream, fault: ActiveFault, pieceOf: (bytes: number, nowMs: number) => Piece) {
    super(inner, fault);
    this.#pieceOf = pieceOf;
  }

  override abort = (reason: Error): void => {
    this.#cancel();
    this.#queue.length = 0;
    this.#queuedBytes = 0;
    this.#failure = reason;
    this.inner.abort?.(reason);
  };

  override pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    if (this.#failure !== null) throw this.#failure;
    this.#context ??= new PumpContext(cx, () => {
      pollAfterTurn(this.#pump);
    });
    const room = MAX_QUEUED_BYTES - this.#queuedBytes;
    if (!this.#hasRoom()) return this.#writing.wait(cx);
    const most = Math.min(room, end - start);
    const nowMs = this.fault.context.clock.nowMs();
    const isDelayed = this.fault.fires(most);
    let n = 0;
    while (n < most && this.#queue.length < MAX_QUEUED_PIECES) {
      const from = start + n;
      const left = most - n;
      const piece = isDelayed ? this.#pieceOf(left, nowMs) : { bytes: left, dueMs: nowMs };
      // A copy: the bytes are only lent, and go on much later.
      this.#queue.push({ bytes: bytes.slice(from, from + piece.bytes), start: 0, dueMs: piece.dueMs });
      n += piece.bytes;
    }
    this.#queuedBytes += n;
    this.fault.pass(n);
    this.#pump();
    return n;
  }

  /** Done: what is on its way is no longer anybody's to hurry. */
  override pollFlush(): number {
    if (this.#failure !== null) throw this.#failure;
    return 0;
  }

  override pollShutdown(cx: Context): number {
    if (this.#end === 'done') return 0;
    if (this.#failure !== null) throw this.#failure;
    this.#context ??= new PumpContext(cx, () => {
      pollAfterTurn(this.#pump);
    });
    if (this.#end === 'none') this.#end = 'asked';
    this.#pump();
    return this.#isOver() ? 0 : this.#ending.wait(cx);
  }

  /** The compiler does not see that a pump may have ended it. */
  #isOver(): boolean {
    return this.#end === 'done';
  }

  readonly #pump = (): void => {
    const cx = this.#context;
    if (cx === null || this.#isPumping || this.#failure !== null) return;
    this.#isPumping = true;
    try {
      this.#passOn(cx);
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error));
    }
    this.#isPumping = false;
    if (this.#hasRoom() || this.#hasFailed()) this.#writing.wake();
    if (this.#isOver() || this.#hasFailed()) this.#ending.wake();
  };

  #hasRoom(): boolean {
    return this.#queuedBytes < MAX_QUEUED_BYTES && this.#queue.length < MAX_QUEUED_PIECES;
  }

  #hasFailed(): boolean {
    return this.#failure !== null;
  }

  #passOn(cx: Context): void {
    const { clock } = this.fault.context;
    let hasWritten = false;
    for (let head = this.#queue[0]; head !== undefined && head.dueMs <= clock.nowMs(); head = this.#queue[0]) {
      const n = this.inner.pollWrite(cx, head.bytes, head.start, head.bytes.length, false);
      if (n === PENDING) return;
      hasWritten = true;
      head.start += n;
      this.#queuedBytes -= n;
      if (head.start === head.bytes.length) this.#queue.shift();
    }
    if (hasWritten) this.inner.pollFlush(cx);
    const [next] = this.#queue;
    this.#cancel();
    if (next !== undefined) {
      this.#cancel = clock.after(Math.max(0, next.dueMs - clock.nowMs()), this.#pump);
    } else if (this.#end === 'asked' && this.inner.pollShutdown(cx) === 0) {
      this.#end = 'done';
    }
  }
}

/** Who writes here is no poll of the copy: a wake leads to the pump. */
class PumpContext implements Context, Waker {
  readonly direction;
  readonly half;
  readonly budget = null;
  readonly wake: () => void;
  readonly #cx: Context;

  constructor(cx: Context, wake: () => void) {
    this.#cx = cx;
    this.direction = cx.direction;
    this.half = cx.half;
    this.wake = wake;
  }

  register(): Waker {
    return this;
  }

  note(head: number, n: number, offered: number): void {
    this.#cx.note?.(head, n, offered);
  }
}
