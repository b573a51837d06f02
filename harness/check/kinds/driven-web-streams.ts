import { types } from 'node:util';
import type { Context } from '../../../src/poll/context.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import { ChunkQueue } from '../../../src/streams/chunk-queue.ts';
import { copyBytes } from '../../../src/streams/copy-bytes.ts';
import { writeAfterShutdown } from '../../../src/streams/stream-failures.ts';
import { WakeSlot } from '../../../src/streams/wake-slot.ts';
import { LawBroken } from '../breach.ts';

/** Most queues are counted in chunks, whatever their size. */
const CHUNK_BYTES_MAX = 16_384;

/** What a factory returns that makes web streams. */
export interface WebStreamPair {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
}

/**
 * Web streams under test as a polled stream. Their user reads one chunk at a time, writes while `desiredSize` asks for
 * more, and waits for the promise of each write and of `close()`.
 */
export class DrivenWebStreams implements PollStream {
  readonly #readable: DrivenWebReadable;
  readonly #writable: DrivenWebWritable;

  constructor({ readable, writable }: WebStreamPair) {
    this.#readable = new DrivenWebReadable(readable);
    this.#writable = new DrivenWebWritable(writable);
  }

  pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    return this.#readable.read(cx, bytes, start, end);
  }

  pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    return this.#writable.write(cx, bytes, start, end);
  }

  pollFlush(cx: Context): number {
    return this.#writable.flush(cx);
  }

  pollShutdown(cx: Context): number {
    return this.#writable.close(cx);
  }

  abort(reason: Error): void {
    this.#readable.cancel(reason);
    this.#writable.abort(reason);
  }
}

class DrivenWebReadable {
  readonly #reader: ReadableStreamDefaultReader<unknown>;
  readonly #queue = new ChunkQueue();
  readonly #waiting = new WakeSlot();
  #isReading = false;
  #hasEnded = false;
  #failure: unknown = null;

  constructor(readable: ReadableStream<unknown>) {
    this.#reader = readable.getReader();
  }

  read(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    if (start === end) return 0;
    if (this.#queue.bytes > 0) return this.#queue.copyInto(bytes, start, end);
    if (this.#failure !== null) throw this.#failure as Error;
    if (this.#hasEnded) return 0;
    this.#next();
    return this.#waiting.wait(cx);
  }

  cancel(reason: Error): void {
    this.#reader.cancel(reason).catch(() => undefined);
  }

  #next(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    this.#reader.read().then(
      ({ done, value }) => {
        this.#isReading = false;
        if (done) this.#hasEnded = true;
        else this.#take(value);
        this.#waiting.wake();
      },
      (error: unknown) => {
        this.#failure ??= error;
        this.#waiting.wake();
      },
    );
  }

  /** An empty chunk is nothing: the poll that follows reads on. */
  #take(chunk: unknown): void {
    if (types.isUint8Array(chunk)) {
      this.#queue.push(chunk);
      return;
    }
    const what = Object.prototype.toString.call(chunk).slice(8, -1);
    this.#failure = new LawBroken('counts', 'pollRead', `Readable gave a chunk of type ${what}: expected a Uint8Array`);
  }
}

class DrivenWebWritable {
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #waiting = new WakeSlot();
  #unflushed = 0;
  #state: 'open' | 'closing' | 'closed' = 'open';
  #failure: unknown = null;

  constructor(writable: WritableStream<Uint8Array>) {
    this.#writer = writable.getWriter();
    this.#writer.closed.catch((error: unknown) => {
      this.#fail(error);
    });
  }

  write(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    if (this.#failure !== null) throw this.#failure as Error;
    if (this.#state !== 'open') throw writeAfterShutdown(end - start);
    if (start === end) return 0;
    const { desiredSize } = this.#writer;
    // With a high-water mark of 0 it never asks for anything: one chunk at a time.
    if (desiredSize === null || (desiredSize <= 0 && this.#unflushed > 0)) {
      this.#writer.ready.then(this.#wake, this.#fail);
      return this.#waiting.wait(cx);
    }
    const n = Math.min(end - start, CHUNK_BYTES_MAX);
    this.#unflushed += 1;
    this.#writer.write(copyBytes(bytes, start, start + n)).then(() => {
      this.#unflushed -= 1;
      this.#wake();
    }, this.#fail);
    return n;
  }

  flush(cx: Context): number {
    if (this.#state === 'closed') return 0;
    if (this.#failure !== null) throw this.#failure as Error;
    return this.#unflushed === 0 ? 0 : this.#waiting.wait(cx);
  }

  close(cx: Context): number {
    if (this.#state === 'closed') return 0;
    if (this.#failure !== null) throw this.#failure as Error;
    if (this.#state === 'open') {
      this.#state = 'closing';
      this.#writer.close().then(() => {
        this.#state = 'closed';
        this.#wake();
      }, this.#fail);
    }
    return this.#waiting.wait(cx);
  }

  abort(reason: Error): void {
    this.#writer.abort(reason).catch(() => undefined);
  }

  readonly #wake = (): void => {
    this.#waiting.wake();
  };

  readonly #fail = (error: unknown): void => {
    this.#failure ??= error;
    this.#waiting.wake();
  };
}
