import type { ReadableStream, ReadableStreamDefaultReader, ReadableStreamReadResult } from 'node:stream/web';
import { types } from 'node:util';
import type { Context } from '../poll/context.ts';
import type { ChunkSlot } from '../poll/poll-stream.ts';
import { Kind, SocketState } from '../trace/event-kind.ts';
import { ChunkQueue } from './chunk-queue.ts';
import { copyBytes } from './copy-bytes.ts';
import { StreamError } from './stream-error.ts';
import { READER_SLOT, WakeSlot } from './wake-slot.ts';

type ReadState =
  { readonly kind: 'open' } | { readonly kind: 'ended' } | { readonly kind: 'failed'; readonly error: StreamError };

/** The reading half of a web stream: one chunk at a time, and only when asked, so that its back-pressure is ours. */
export class WebReadable {
  readonly #reader: ReadableStreamDefaultReader<unknown>;
  readonly #ownsChunks: boolean;
  /** Holds what is left of the chunk that was last read. */
  readonly #queue = new ChunkQueue();
  readonly #waiting = new WakeSlot(READER_SLOT);
  #reading = false;
  #state: ReadState = { kind: 'open' };

  constructor(readable: ReadableStream<unknown>, ownsChunks: boolean | undefined) {
    if (readable.locked) throw new StreamError('WEB_STREAM_LOCKED', 'Readable stream is locked by another reader');
    this.#ownsChunks = ownsChunks ?? isByteStream(readable);
    this.#reader = readable.getReader();
  }

  read(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    const n = this.#queue.copyInto(bytes, start, end);
    return n > 0 || start === end ? n : this.#idle(cx);
  }

  /** Only a byte stream hands its chunks over; others may share them, as the branches of `tee()` do. */
  readChunk(cx: Context, slot: ChunkSlot): number {
    const n = this.#queue.take(slot);
    if (n === 0) return this.#idle(cx);
    if (this.#ownsChunks) return n;
    slot.bytes = copyBytes(slot.bytes, slot.start, slot.end);
    slot.start = 0;
    slot.end = n;
    return n;
  }

  abort(error: StreamError): void {
    if (this.#state.kind !== 'open') return;
    this.#queue.clear();
    this.#fail(error);
    this.#cancel(error);
  }

  #idle(cx: Context): number {
    switch (this.#state.kind) {
      case 'ended':
        return 0;
      case 'failed':
        throw this.#state.error;
      case 'open':
        if (!this.#reading) {
          this.#reading = true;
          this.#reader.read().then(this.#onRead, this.#onFailed);
        }
        return this.#waiting.wait(cx);
    }
  }

  readonly #onRead = (result: ReadableStreamReadResult<unknown>): void => {
    this.#reading = false;
    if (this.#state.kind !== 'open') return;
    if (result.done) {
      this.#state = { kind: 'ended' };
      this.#waiting.note(Kind.SOCKET, SocketState.ENDED);
    } else if (types.isUint8Array(result.value)) {
      // An empty chunk wakes as any other does: the poll that follows reads on, and the event loop has had its turn.
      this.#queue.push(result.value);
    } else {
      const message = `Wrong chunk from a readable stream: expected a Uint8Array, got: ${nameOf(result.value)}`;
      const error = new StreamError('WEB_STREAM_CHUNK_INVALID', message);
      this.#fail(error);
      this.#cancel(error);
    }
    this.#waiting.wake();
  };

  readonly #onFailed = (cause: unknown): void => {
    this.#reading = false;
    if (this.#state.kind !== 'open') return;
    const message = `Readable stream failed: ${cause instanceof Error ? cause.message : String(cause)}`;
    this.#fail(new StreamError('WEB_STREAM_FAILED', message, {}, { cause }));
  };

  #fail(error: StreamError): void {
    this.#state = { kind: 'failed', error };
    this.#waiting.note(Kind.SOCKET, SocketState.FAILED);
    this.#waiting.wake();
  }

  #cancel(error: StreamError): void {
    // Whether the source takes its cancelling well is no longer of interest to anybody here.
    this.#reader.cancel(error.cause ?? error).catch(() => undefined);
  }
}

/** A byte stream transfers what it is given, so that each of its chunks has one owner. */
function isByteStream(readable: ReadableStream<unknown>): boolean {
  try {
    readable.getReader({ mode: 'byob' }).releaseLock();
    return true;
  } catch {
    return false;
  }
}

function nameOf(value: unknown): string {
  return typeof value === 'object' ? Object.prototype.toString.call(value).slice(8, -1) : typeof value;
}
