import type { ReadableStream, WritableStream } from 'node:stream/web';
import type { Context } from '../poll/context.ts';
import type { ChunkSlot, PollStream } from '../poll/poll-stream.ts';
import { streamAborted } from './stream-failures.ts';
import { WebReadable } from './web-readable.ts';
import { WebWritable } from './web-writable.ts';

export interface WebStreams {
  /** Of Uint8Array chunks; any other chunk fails the stream with WEB_STREAM_CHUNK_INVALID. */
  readonly readable: ReadableStream<unknown>;
  /** Gets Uint8Array chunks of at most 262,144 bytes. */
  readonly writable: WritableStream<Uint8Array>;
}

export interface FromWebStreamsOptions {
  /**
   * Whether a chunk that was read belongs to the reader alone, so that it can be handed over uncopied. Default: true for
   * a byte stream (`type: 'bytes'`, as fetch bodies are), false for any other, whose chunks `tee()` shares.
   */
  readonly ownsChunks?: boolean;
}

/**
 * A pair of WHATWG streams as a stream: a `TransformStream` crosswise, the two sides of a `fetch`, a
 * `WebSocketStream`. It locks both until the end. Each half ends and fails on its own: shutdown closes the writable,
 * `abort` aborts the writable and cancels the readable, back-pressure goes by `desiredSize`.
 *
 * Throws WEB_STREAM_LOCKED; polls throw WEB_STREAM_FAILED, WEB_STREAM_CHUNK_INVALID, STREAM_ABORTED,
 * WRITE_AFTER_SHUTDOWN.
 *
 * @example
 * const there = new TransformStream();
 * const back = new TransformStream();
 * const stream = fromWebStreams({ readable: back.readable, writable: there.writable });
 */
export function fromWebStreams(streams: WebStreams, options: FromWebStreamsOptions = {}): PollStream {
  return new WebStreamPair(streams, options);
}

class WebStreamPair implements PollStream {
  readonly #readable: WebReadable;
  readonly #writable: WebWritable;

  constructor(streams: WebStreams, options: FromWebStreamsOptions) {
    // The writable first: if it is locked, the readable has not been locked in vain.
    this.#writable = new WebWritable(streams.writable);
    this.#readable = new WebReadable(streams.readable, options.ownsChunks);
  }

  pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    return this.#readable.read(cx, bytes, start, end);
  }

  pollChunk(cx: Context, slot: ChunkSlot): number {
    return this.#readable.readChunk(cx, slot);
  }

  pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    return this.#writable.write(cx, bytes, start, end, given);
  }

  pollFlush(cx: Context): number {
    return this.#writable.flush(cx);
  }

  pollShutdown(cx: Context): number {
    return this.#writable.close(cx);
  }

  abort(reason: Error): void {
    const error = streamAborted(reason);
    this.#writable.abort(error);
    this.#readable.abort(error);
  }
}
