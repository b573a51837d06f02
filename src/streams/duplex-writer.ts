import type { Duplex } from 'node:stream';
import type { Context } from '../poll/context.ts';
import { StreamError } from './stream-error.ts';
import { WakeSlot } from './wake-slot.ts';

/**
 * The writing half of a Duplex. What is written in one poll is held together (corked) and passed on at the flush, or
 * when the poll is over: a socket then makes one system call of it.
 */
export class DuplexWriter {
  readonly #duplex: Duplex;
  readonly #highWaterBytes: number;
  readonly #waiting = new WakeSlot();
  #isCorked = false;
  /** A call of #afterPoll is on its way. */
  #isTicking = false;
  #failure: StreamError | null = null;

  constructor(duplex: Duplex, highWaterBytes: number) {
    this.#duplex = duplex;
    // From its own mark on, a Duplex promises 'drain'; below it nothing would wake who waits.
    this.#highWaterBytes = Math.max(highWaterBytes, duplex.writableHighWaterMark);
    const wake = (): void => {
      this.#waiting.wake();
    };
    duplex.on('drain', wake);
    duplex.on('finish', wake);
  }

  get hasFinished(): boolean {
    return this.#duplex.writableFinished;
  }

  pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    const duplex = this.#duplex;
    if (this.#failure !== null) throw this.#failure;
    if (duplex.writableEnded) throw endedAlready();
    let room = this.#highWaterBytes - duplex.writableLength;
    if (room <= 0) {
      // What is corked may go out at once, and then there is room.
      this.#uncork();
      room = this.#highWaterBytes - duplex.writableLength;
      if (room <= 0) return this.#waiting.wait(cx);
    }
    this.#cork();
    if (given) {
      duplex.write(view(bytes, start, end));
      return end - start;
    }
    // The Duplex keeps what it cannot pass on at once, and the caller will use its buffer again: a copy, bounded.
    const n = Math.min(end - start, room);
    const copy = Buffer.allocUnsafe(n);
    copy.set(bytes.subarray(start, start + n));
    duplex.write(copy);
    return n;
  }

  /** Done as soon as the Duplex has been told to send: it needs no further poll for that. */
  pollFlush(): number {
    if (this.#failure !== null) throw this.#failure;
    this.#uncork();
    return 0;
  }

  pollShutdown(cx: Context): number {
    const duplex = this.#duplex;
    if (duplex.writableFinished) return 0;
    if (this.#failure !== null) throw this.#failure;
    this.#uncork();
    if (!duplex.writableEnded) duplex.end();
    return this.#waiting.wait(cx);
  }

  fail(failure: StreamError): void {
    this.#failure ??= failure;
    this.#waiting.wake();
  }

  #cork(): void {
    if (this.#isCorked) return;
    this.#isCorked = true;
    this.#duplex.cork();
    if (this.#isTicking) return;
    this.#isTicking = true;
    setImmediate(this.#afterPoll);
  }

  #uncork(): void {
    if (!this.#isCorked) return;
    this.#isCorked = false;
    this.#duplex.uncork();
  }

  /** For callers that never flush, as the early releases of tokio do not. */
  readonly #afterPoll = (): void => {
    this.#isTicking = false;
    this.#uncork();
  };
}

/** The bytes themselves, not a copy; no view either where the whole chunk is meant. */
function view(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return start === 0 && end === bytes.byteLength ? bytes : bytes.subarray(start, end);
}

function endedAlready(): StreamError {
  return new StreamError(
    'WRITE_AFTER_SHUTDOWN',
    'Write after the end of the writing half: expected none after pollShutdown, or after the owner called end()',
  );
}
