import { types } from 'node:util';
import type { ChunkSlot } from '../poll/poll-stream.ts';
import { ChunkQueue } from './chunk-queue.ts';
import { StreamError } from './stream-error.ts';
import { isNodeWebSocket, type WebSocketLike } from './web-socket-like.ts';

export interface ReceiveLimits {
  /** At so many unread bytes a WebSocket that can be paused is paused. */
  readonly highWaterMarkBytes: number;
  /** More unread bytes than this are an error, unless they are a single message. */
  readonly maxQueuedBytes: number;
  readonly acceptText: boolean;
}

/** The messages of a WebSocket that have arrived and are not read yet, as bytes. */
export class ReceiveQueue {
  readonly #socket: WebSocketLike;
  readonly #limits: ReceiveLimits;
  readonly #chunks = new ChunkQueue();
  #paused = false;

  constructor(socket: WebSocketLike, limits: ReceiveLimits) {
    this.#socket = socket;
    this.#limits = limits;
    // As a Buffer, a message of `ws` is a view of what the network delivered; as an ArrayBuffer it would be a copy.
    socket.binaryType = isNodeWebSocket(socket) ? 'nodebuffer' : 'arraybuffer';
  }

  /** Keeps the bytes of a message; an empty one has none. Throws what makes the message unacceptable. */
  push(data: unknown): void {
    const bytes = this.#bytesOf(data);
    const queued = this.#chunks.bytes;
    if (queued > 0 && queued + bytes.byteLength > this.#limits.maxQueuedBytes) {
      throw new StreamError(
        'WEBSOCKET_QUEUE_FULL',
        `Too much unread from a WebSocket: expected at most ${this.#limits.maxQueuedBytes} bytes, got: ${queued + bytes.byteLength}`,
      );
    }
    this.#chunks.push(bytes);
    if (this.#chunks.bytes >= this.#limits.highWaterMarkBytes) this.#pause();
  }

  take(slot: ChunkSlot): number {
    const n = this.#chunks.take(slot);
    if (n > 0) this.#resumeBelowMark();
    return n;
  }

  copyInto(bytes: Uint8Array, start: number, end: number): number {
    const n = this.#chunks.copyInto(bytes, start, end);
    if (n > 0) this.#resumeBelowMark();
    return n;
  }

  /** Drops what is here and lets the rest come, so that the end of the connection can be seen. */
  abandon(): void {
    this.#chunks.clear();
    this.#resumeBelowMark();
  }

  #bytesOf(data: unknown): Uint8Array {
    if (types.isUint8Array(data)) return data;
    if (types.isAnyArrayBuffer(data)) return new Uint8Array(data);
    if (typeof data !== 'string') {
      const kind = Object.prototype.toString.call(data).slice(8, -1);
      const message = `Wrong message from a WebSocket: expected bytes, got: ${kind}; binaryType was changed`;
      throw new StreamError('WEBSOCKET_MESSAGE_INVALID', message);
    }
    if (this.#limits.acceptText) return new TextEncoder().encode(data);
    const message = `Text message from a WebSocket: expected binary ones, got: ${data.length} characters of text`;
    throw new StreamError('WEBSOCKET_TEXT_REFUSED', message);
  }

  /** What `ws` has already taken off the network still arrives after this. */
  #pause(): void {
    if (this.#paused || !isNodeWebSocket(this.#socket)) return;
    this.#paused = true;
    this.#socket.pause();
  }

  #resumeBelowMark(): void {
    if (!this.#paused || this.#chunks.bytes > this.#limits.highWaterMarkBytes / 2) return;
    this.#paused = false;
    this.#socket.resume?.();
  }
}
