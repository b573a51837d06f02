import type { Context } from '../poll/context.ts';
import type { ChunkSlot } from '../poll/poll-stream.ts';
import { Kind } from '../trace/event-kind.ts';
import { ChunkQueue } from './chunk-queue.ts';
import { copyBytes } from './copy-bytes.ts';
import type { StreamError } from './stream-error.ts';
import { writeAfterShutdown } from './stream-failures.ts';
import { READER_SLOT, WakeSlot, WRITER_SLOT } from './wake-slot.ts';

type PipeState =
  | { readonly kind: 'open' }
  /** The writer has shut down; what it wrote may still be read. */
  | { readonly kind: 'ended' }
  /** The reader has seen the end: nothing changes any more. */
  | { readonly kind: 'read-out' }
  | { readonly kind: 'failed'; readonly forReader: StreamError; readonly forWriter: StreamError };

/** One direction of a memory pair: one end writes, the other reads, and at most `highWaterMarkBytes` lie between. */
export class MemoryPipe {
  readonly #highWaterMarkBytes: number;
  readonly #queue = new ChunkQueue();
  readonly #reader = new WakeSlot(READER_SLOT);
  readonly #writer = new WakeSlot(WRITER_SLOT);
  #state: PipeState = { kind: 'open' };
  /** Bytes in all. */
  #taken = 0;

  constructor(highWaterMarkBytes: number) {
    this.#highWaterMarkBytes = highWaterMarkBytes;
  }

  read(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    return this.#afterRead(cx, this.#queue.copyInto(bytes, start, end));
  }

  readChunk(cx: Context, slot: ChunkSlot): number {
    return this.#afterRead(cx, this.#queue.take(slot));
  }

  write(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    switch (this.#state.kind) {
      case 'failed':
        throw this.#state.forWriter;
      case 'ended':
      case 'read-out':
        throw writeAfterShutdown(end - start);
      case 'open':
        break;
    }
    const n = Math.min(end - start, this.#highWaterMarkBytes - this.#queue.bytes);
    if (n === 0 && end > start) {
      cx.note?.(Kind.QUEUE, this.#queue.bytes, this.#highWaterMarkBytes);
      return this.#writer.wait(cx);
    }
    this.#taken += n;
    this.#queue.push(given ? bytes.subarray(start, start + n) : copyBytes(bytes, start, start + n));
    this.#reader.wake();
    return n;
  }

  /** Nothing is held back: what was written is already where the reader finds it. */
  flush(): number {
    if (this.#state.kind === 'failed') throw this.#state.forWriter;
    return 0;
  }

  end(cx: Context): number {
    if (this.#state.kind === 'failed') throw this.#state.forWriter;
    if (this.#state.kind === 'open') this.#state = { kind: 'ended' };
    cx.note?.(Kind.LEDGER, this.#taken, 0);
    this.#reader.wake();
    return 0;
  }

  /** Fails both of its ends and drops what lies between, as a reset does; an end that was seen stays an end. */
  fail(forReader: StreamError, forWriter: StreamError): void {
    if (this.#state.kind === 'failed' || this.#state.kind === 'read-out') return;
    this.#state = { kind: 'failed', forReader, forWriter };
    this.#queue.clear();
    this.#reader.wake();
    this.#writer.wake();
  }

  #afterRead(cx: Context, n: number): number {
    if (n > 0) {
      this.#writer.wake();
      return n;
    }
    switch (this.#state.kind) {
      case 'failed':
        throw this.#state.forReader;
      case 'ended':
        this.#state = { kind: 'read-out' };
        return 0;
      case 'read-out':
        return 0;
      case 'open':
        return this.#reader.wait(cx);
    }
  }
}
