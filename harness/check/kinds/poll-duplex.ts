import { Duplex } from 'node:stream';
import type { Context, Waker } from '../../../src/poll/context.ts';
import type { Direction, Half } from '../../../src/poll/direction.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import { pollAfterTurn } from '../../../src/poll/turn.ts';

type Done = (error?: Error | null) => void;

export interface PollDuplexOptions {
  /** How many bytes each of its own two buffers holds. */
  readonly highWaterMarkBytes: number;
  /** What is beneath the stream is closed, once; `error`: as a reset. */
  readonly hangUp: (cx: Context, error: Error | null) => void;
  /** Called whenever something moves, or might. */
  readonly onActivity: () => void;
}

/** The longest chunk that it hands on, as a socket's reads have one. What is beneath it may give less. */
const READ_BYTES = 65_536;
/** Of all of them: what is read is copied before the next read. */
const WINDOW = new Uint8Array(READ_BYTES);

/**
 * A stream that is polled, as a `node:stream` Duplex: what an adapter gets in place of a socket. It behaves as a socket
 * does where that is seen from outside: chunks, ends and failures come in a turn of the event loop of their own, never
 * within `read()`; nothing comes while it is paused; a write's callback comes when the stream beneath has taken the
 * bytes, which may be within `_write`; `destroy()` lets arrive what has been taken, and then comes an end.
 */
export class PollDuplex extends Duplex {
  readonly #stream: PollStream;
  readonly #hangUp: PollDuplexOptions['hangUp'];
  readonly #onActivity: () => void;
  readonly #reader: Turnstile;
  readonly #writer: Turnstile;
  #isReading = false;
  /** What is being written, and how much of it has been taken. */
  #chunk: Uint8Array = WINDOW.subarray(0, 0);
  #taken = 0;
  #done: Done | null = null;
  #isEnding = false;
  #isReset = false;

  constructor(stream: PollStream, { highWaterMarkBytes, hangUp, onActivity }: PollDuplexOptions) {
    super({ highWaterMark: highWaterMarkBytes, allowHalfOpen: true });
    this.#stream = stream;
    this.#hangUp = hangUp;
    this.#onActivity = onActivity;
    this.#reader = new Turnstile('read', () => {
      this.#onRead();
    });
    this.#writer = new Turnstile('write', () => {
      this.#onWrite();
    });
    // Who destroys it with an error, or lets its failure pass, is judged by the bytes, not by a crash of the whole run.
    this.on('error', () => undefined);
  }

  override _read(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    this.#reader.wake();
  }

  override _write(chunk: Buffer, _encoding: string, done: Done): void {
    this.#chunk = chunk;
    this.#taken = 0;
    this.#done = done;
    this.#onWrite();
  }

  override _final(done: Done): void {
    this.#isEnding = true;
    this.#done = done;
    this.#onWrite();
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#reader.end();
    this.#writer.end();
    const pending = this.#done;
    this.#done = null;
    pending?.(error ?? new Error('Duplex was destroyed'));
    this.#onActivity();
    this.#hangUp(this.#writer, this.#isReset ? (error ?? new Error('Duplex was reset')) : null);
    done(error);
  }

  /** As a socket has it, for libraries that ask: sends what was written, then destroys. */
  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
  }

  /** As a socket has it: a reset. */
  resetAndDestroy(): this {
    this.#isReset = true;
    return this.destroy();
  }

  #onRead(): void {
    this.#onActivity();
    let n: number;
    try {
      n = this.#stream.pollRead(this.#reader, WINDOW, 0, READ_BYTES);
    } catch (error) {
      this.destroy(error as Error);
      return;
    }
    if (n === PENDING) return;
    if (n === 0) {
      this.push(null);
      return;
    }
    this.#isReading = false;
    if (this.push(Buffer.from(WINDOW.subarray(0, n)))) this._read();
  }

  #onWrite(): void {
    const done = this.#done;
    if (done === null) return;
    this.#onActivity();
    try {
      if (!this.#isDone()) return;
    } catch (error) {
      this.#done = null;
      done(error as Error);
      return;
    }
    this.#done = null;
    done();
  }

  /** One write or end as far as it goes. The bytes of a write are flushed before it is done. */
  #isDone(): boolean {
    const stream = this.#stream;
    const cx = this.#writer;
    while (this.#taken < this.#chunk.length) {
      const n = stream.pollWrite(cx, this.#chunk, this.#taken, this.#chunk.length, false);
      if (n === PENDING) return false;
      this.#taken += n;
    }
    return (this.#isEnding ? stream.pollShutdown(cx) : stream.pollFlush(cx)) !== PENDING;
  }
}

/** The context of one half: a wake leads to one poll, after a turn of the event loop. */
class Turnstile implements Context, Waker {
  readonly direction: Direction;
  readonly half: Half;
  readonly budget = null;
  readonly #poll: () => void;
  #isDue = false;
  #hasEnded = false;

  constructor(half: Half, poll: () => void) {
    this.direction = half === 'read' ? 'b -> a' : 'a -> b';
    this.half = half;
    this.#poll = poll;
  }

  register(): Waker {
    return this;
  }

  wake(): void {
    if (this.#isDue || this.#hasEnded) return;
    this.#isDue = true;
    pollAfterTurn(this.#run);
  }

  end(): void {
    this.#hasEnded = true;
  }

  readonly #run = (): void => {
    this.#isDue = false;
    if (!this.#hasEnded) this.#poll();
  };
}
