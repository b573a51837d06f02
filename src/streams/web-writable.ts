import type { WritableStream, WritableStreamDefaultWriter } from 'node:stream/web';
import type { Context } from '../poll/context.ts';
import { Kind, SocketState } from '../trace/event-kind.ts';
import { copyBytes } from './copy-bytes.ts';
import { StreamError } from './stream-error.ts';
import { writeAfterShutdown } from './stream-failures.ts';
import { WakeSlot, WRITER_SLOT } from './wake-slot.ts';

/** The most that one write takes: the queue of a web stream is mostly counted in chunks, whatever their size. */
const CHUNK_BYTES_MAX = 262_144;

type WriteState =
  | { readonly kind: 'open' }
  | { readonly kind: 'closing' }
  | { readonly kind: 'closed' }
  | { readonly kind: 'failed'; readonly error: StreamError };

/** The writing half of a web stream: one chunk for each write, while its queue has room. */
export class WebWritable {
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #waiting = new WakeSlot(WRITER_SLOT);
  /** Writes whose promise has not settled. */
  #inFlight = 0;
  #awaitsReady = false;
  #state: WriteState = { kind: 'open' };

  constructor(writable: WritableStream<Uint8Array>) {
    if (writable.locked) throw new StreamError('WEB_STREAM_LOCKED', 'Writable stream is locked by another writer');
    this.#writer = writable.getWriter();
  }

  write(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    switch (this.#state.kind) {
      case 'failed':
        throw this.#state.error;
      case 'closing':
      case 'closed':
        throw writeAfterShutdown(end - start);
      case 'open':
        break;
    }
    const n = Math.min(end - start, CHUNK_BYTES_MAX);
    if (n === 0) return 0;
    if (!this.#hasRoom()) {
      this.#awaitReady();
      return this.#waiting.wait(cx);
    }
    this.#inFlight += 1;
    this.#writer.write(chunkOf(bytes, start, start + n, given)).then(this.#onWritten, this.#onFailed);
    return n;
  }

  flush(cx: Context): number {
    if (this.#state.kind === 'failed') throw this.#state.error;
    return this.#inFlight === 0 ? 0 : this.#waiting.wait(cx);
  }

  close(cx: Context): number {
    switch (this.#state.kind) {
      case 'failed':
        throw this.#state.error;
      case 'closed':
        return 0;
      case 'open':
        this.#state = { kind: 'closing' };
        cx.note?.(Kind.SOCKET, SocketState.END_SENT, 0);
        this.#writer.close().then(this.#onClosed, this.#onFailed);
        break;
      case 'closing':
        break;
    }
    return this.#waiting.wait(cx);
  }

  abort(error: StreamError): void {
    if (this.#state.kind === 'closed' || this.#state.kind === 'failed') return;
    this.#fail(error);
    // Whether the sink takes its aborting well is no longer of interest to anybody here.
    this.#writer.abort(error.cause).catch(() => undefined);
  }

  /** A strategy with a high-water mark of 0 never wants anything: it gets one chunk at a time. */
  #hasRoom(): boolean {
    const { desiredSize } = this.#writer;
    return desiredSize !== null && (desiredSize > 0 || this.#inFlight === 0);
  }

  /** `ready` says when there is room again, and also, before any other promise does, that the stream has failed. */
  #awaitReady(): void {
    if (this.#awaitsReady) return;
    this.#awaitsReady = true;
    this.#writer.ready.then(this.#onReady, this.#onFailed);
  }

  readonly #onReady = (): void => {
    this.#awaitsReady = false;
    this.#waiting.wake();
  };

  readonly #onWritten = (): void => {
    this.#inFlight -= 1;
    this.#waiting.wake();
  };

  readonly #onClosed = (): void => {
    if (this.#state.kind === 'closing') this.#state = { kind: 'closed' };
    this.#waiting.wake();
  };

  readonly #onFailed = (cause: unknown): void => {
    if (this.#state.kind === 'failed') return;
    const message = `Writable stream failed: ${cause instanceof Error ? cause.message : String(cause)}`;
    this.#fail(new StreamError('WEB_STREAM_FAILED', message, {}, { cause }));
  };

  #fail(error: StreamError): void {
    this.#state = { kind: 'failed', error };
    this.#waiting.note(Kind.SOCKET, SocketState.FAILED);
    this.#waiting.wake();
  }
}

/**
 * A chunk that the web stream may keep, and may transfer: a byte stream detaches the whole ArrayBuffer of what it is
 * given. So only a chunk that has its ArrayBuffer to itself is passed on as it is.
 */
function chunkOf(bytes: Uint8Array, start: number, end: number, given: boolean): Uint8Array {
  const alone = start === 0 && end === bytes.byteLength && bytes.byteLength === bytes.buffer.byteLength;
  return given && alone ? bytes : copyBytes(bytes, start, end);
}
