import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Context } from '../poll/context.ts';
import { flushAfterPolls } from '../poll/turn.ts';
import { Kind, SocketState } from '../trace/event-kind.ts';
import { stateOf } from './socket-state-of.ts';
import { StreamError } from './stream-error.ts';
import { WakeSlot, WRITER_SLOT } from './wake-slot.ts';

/**
 * The writing half of a Duplex. The chunks given away in one poll are held together and passed on at the flush, or when
 * the poll is over: a socket then makes one system call of them. What is only borrowed is sent at once.
 */
export class DuplexWriter {
  readonly #duplex: Duplex;
  readonly #highWaterBytes: number;
  readonly #waiting = new WakeSlot(WRITER_SLOT);
  /** The first chunk of a batch waits here; only a second one is worth corking for. */
  #held: Uint8Array | null = null;
  #isCorked = false;
  /** A call of #afterPoll is on its way. */
  #isTicking = false;
  #failure: StreamError | null = null;
  /** What a plain socket had sent before; −1: it is another kind of Duplex, whose count would be of something else. */
  readonly #sentBefore: number;

  constructor(duplex: Duplex, highWaterBytes: number) {
    this.#duplex = duplex;
    this.#sentBefore = Object.getPrototypeOf(duplex) === Socket.prototype ? bytesWritten(duplex) : -1;
    // From its own mark on, a Duplex promises 'drain'; below it nothing would wake who waits.
    this.#highWaterBytes = Math.max(highWaterBytes, duplex.writableHighWaterMark);
    const wake = (): void => {
      this.#waiting.wake();
    };
    for (const event of ['connect', 'drain', 'finish']) duplex.on(event, wake);
  }

  get hasFinished(): boolean {
    return this.#duplex.writableFinished;
  }

  pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    if (this.#failure !== null) throw this.#failure;
    if (this.#duplex.writableEnded) throw endedAlready();
    // What a socket that never gets through had taken would be counted, and lost.
    if (isConnecting(this.#duplex)) return this.#waiting.wait(cx);
    let room = this.#room();
    if (room <= 0) {
      // What is held back may go out at once, and then there is room.
      this.#passOn();
      room = this.#room();
      if (room <= 0) {
        cx.note?.(Kind.QUEUE, this.#duplex.writableLength, this.#highWaterBytes);
        return this.#waiting.wait(cx);
      }
    }
    if (given) {
      this.#add(view(bytes, start, end));
      return end - start;
    }
    // The Duplex keeps what it cannot pass on at once, and the caller will use its buffer again: a copy, bounded.
    const n = Math.min(end - start, room);
    const copy = Buffer.allocUnsafe(n);
    copy.set(bytes.subarray(start, start + n));
    this.#add(copy);
    // Who lends its bytes copies as tokio does, whose sockets send within the write; it may never get to the flush.
    this.#passOn();
    return n;
  }

  /** Done as soon as the Duplex has been told to send: it needs no further poll for that. */
  pollFlush(): number {
    if (this.#failure !== null) throw this.#failure;
    this.#passOn();
    return 0;
  }

  pollShutdown(cx: Context): number {
    const duplex = this.#duplex;
    if (duplex.writableFinished) {
      // A socket counts for itself what it has passed to the kernel.
      if (this.#sentBefore >= 0 && duplex instanceof Socket)
        cx.note?.(Kind.LEDGER, duplex.bytesWritten - this.#sentBefore, 0);
      return 0;
    }
    if (this.#failure !== null) throw this.#failure;
    this.#passOn();
    if (!duplex.writableEnded) {
      duplex.end();
      cx.note?.(Kind.SOCKET, SocketState.END_SENT, 0);
    }
    return this.#waiting.wait(cx);
  }

  fail(failure: StreamError): void {
    if (this.#failure === null) this.#waiting.note(Kind.SOCKET, stateOf(failure));
    this.#failure ??= failure;
    this.#held = null;
    this.#waiting.wake();
  }

  #room(): number {
    return this.#highWaterBytes - this.#duplex.writableLength - (this.#held?.byteLength ?? 0);
  }

  #add(chunk: Uint8Array): void {
    if (this.#isCorked) {
      this.#duplex.write(chunk);
      return;
    }
    if (this.#held === null) {
      this.#held = chunk;
      this.#tick();
      return;
    }
    this.#isCorked = true;
    this.#duplex.cork();
    this.#duplex.write(this.#held);
    this.#held = null;
    this.#duplex.write(chunk);
  }

  #passOn(): void {
    const held = this.#held;
    if (held !== null) {
      this.#held = null;
      this.#duplex.write(held);
    } else if (this.#isCorked) {
      this.#isCorked = false;
      this.#duplex.uncork();
    }
  }

  /** For callers that never flush. */
  #tick(): void {
    if (this.#isTicking) return;
    this.#isTicking = true;
    flushAfterPolls(this.#afterPoll);
  }

  readonly #afterPoll = (): void => {
    this.#isTicking = false;
    if (this.#failure !== null) return;
    try {
      this.#passOn();
    } catch (error) {
      // A Duplex whose _write throws: no poll is there to hear it, so it goes the way of every other error.
      this.#duplex.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  };
}

/** The bytes themselves, not a copy; no view either where the whole chunk is meant. */
function view(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return start === 0 && end === bytes.byteLength ? bytes : bytes.subarray(start, end);
}

function bytesWritten(duplex: Duplex): number {
  return duplex instanceof Socket ? duplex.bytesWritten : 0;
}

function isConnecting(duplex: Duplex): boolean {
  return duplex instanceof Socket && duplex.connecting;
}

function endedAlready(): StreamError {
  return new StreamError(
    'WRITE_AFTER_SHUTDOWN',
    'Write after the end of the writing half: expected none after pollShutdown, or after the owner called end()',
  );
}
